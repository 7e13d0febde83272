"""Settings: what may stand in config.toml, how it is read, and what is said when it is wrong.

config.toml is the only settings file; secrets never stand in it, it names environment variables. Plug-in sections are
declared in the plug-ins' own files and found by scanning. Never reads a database, never keeps a secret in a settings
object.
"""

from stormcone.config.advice import AdviceSettings
from stormcone.config.brands import AccountSettings, BrandProfile, BrandSettings
from stormcone.config.detector import DetectorSettings
from stormcone.config.kinds import KindSettings
from stormcone.config.loading import Config, default_path, load_config
from stormcone.config.people import EscalationSettings, EscalationStep, PersonSettings, RotaSettings, RotaTime
from stormcone.config.playbook import PauseSettings, PlaybookRole, PlaybookSettings, PlaybookStep, StatementTemplate
from stormcone.config.secrets import gather_secrets
from stormcone.config.sections import DashboardSettings, StoreSettings, WatchSettings
from stormcone.config.severity import SeveritySettings

__all__ = [
    "AccountSettings",
    "AdviceSettings",
    "BrandProfile",
    "BrandSettings",
    "Config",
    "DashboardSettings",
    "DetectorSettings",
    "EscalationSettings",
    "EscalationStep",
    "KindSettings",
    "PauseSettings",
    "PersonSettings",
    "PlaybookRole",
    "PlaybookSettings",
    "PlaybookStep",
    "RotaSettings",
    "RotaTime",
    "SeveritySettings",
    "StatementTemplate",
    "StoreSettings",
    "WatchSettings",
    "default_path",
    "gather_secrets",
    "load_config",
]
