"""Writes docs/config-reference.md from the settings classes, so that the page can never tell a different story.

`python -m stormcone.config.reference FILE` writes it, `--check FILE` fails where it is out of date (`make check`).
Reads only the classes; never a settings file.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from stormcone.config.advice import AdviceSettings
from stormcone.config.brands import AccountSettings, BrandProfile, BrandSettings, PlannedEvent
from stormcone.config.detector import DetectorSettings
from stormcone.config.kinds import KindSettings
from stormcone.config.people import EscalationSettings, EscalationStep, PersonSettings, RotaSettings, RotaTime
from stormcone.config.playbook import PauseSettings, PlaybookRole, PlaybookSettings, PlaybookStep, StatementTemplate
from stormcone.config.sections import DashboardSettings, ScoringSettings, StoreSettings, WatchSettings
from stormcone.config.severity import SeveritySettings
from stormcone.plugins import discover
from stormcone.ports import Channel, Collector

_OPENING = """# Settings reference

Made from the settings classes by `make docs`; do not edit. `config.toml` is the only settings file; secrets never stand
in it: keys that end in `_env` name environment variables. Unknown keys are errors.
"""


def reference() -> str:
    """Return the whole page."""
    sections: list[tuple[str, type[BaseModel]]] = [
        ("[store]", StoreSettings),
        ("[watch]", WatchSettings),
        ("[scoring]", ScoringSettings),
        ("[dashboard]", DashboardSettings),
        ("[[brand]]", BrandSettings),
        ("[[brand]] accounts", AccountSettings),
        ("[[brand]] planned_events", PlannedEvent),
        ("[[brand]] profile", BrandProfile),
        ("[detector]", DetectorSettings),
        ("[severity]", SeveritySettings),
        ("[kinds]", KindSettings),
        ("[advice]", AdviceSettings),
        ("[[people]]", PersonSettings),
        ("[rota]", RotaSettings),
        ("[rota] overrides and holidays", RotaTime),
        ("[escalation]", EscalationSettings),
        ("[escalation] steps", EscalationStep),
        ("[playbook]", PlaybookSettings),
        ("[[playbook.statements]]", StatementTemplate),
        ("[[playbook.roles]]", PlaybookRole),
        ("[[playbook.steps]]", PlaybookStep),
        ("[playbook.pause]", PauseSettings),
    ]
    collectors = discover("collectors", Collector, key="platform")  # type: ignore[type-abstract]  # a role to look for
    channels = discover("alerts.channels", Channel, key="type")  # type: ignore[type-abstract]  # same
    sections += [(f"[collectors.{name}]", each.Settings) for name, each in collectors.items()]
    sections += [(f'[[channels]] type = "{name}"', each.Settings) for name, each in channels.items()]
    return "\n".join([_OPENING, *(_section(title, model) for title, model in sections)])


def _section(title: str, model: type[BaseModel]) -> str:
    summary = (model.__doc__ or "").strip().splitlines()[0]
    rows = "\n".join(_rows(model))
    return f"## `{title}`\n\n{summary}\n\n| key | default | meaning |\n|---|---|---|\n{rows}\n"


def _rows(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        meaning = (field.description or "").replace("|", "\\|")
        yield f"| `{field.alias or name}` | {_default(field)} | {meaning} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "*needed*"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), ""):
        return "none"
    if isinstance(value[0] if isinstance(value, tuple) else value, BaseModel):
        return "see below"
    shown = list(value) if isinstance(value, tuple) else value
    return f"`{str(shown).lower() if isinstance(value, bool) else shown}`"


def main(arguments: list[str]) -> int:
    """Write the page, or compare it. Returns: exit code."""
    is_check = arguments[:1] == ["--check"]
    path = Path(arguments[-1])
    page = reference()
    if not is_check:
        path.write_text(page, encoding="utf-8")
        return 0
    if path.exists() and path.read_text(encoding="utf-8") == page:
        return 0
    sys.stderr.write(f"{path} is out of date; run `make docs`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
