"""Finds plug-ins by scanning a folder: one file, one class, no central list.

Used by settings (to learn sections), by the pipeline (to build parts) and by the reference page. Imports the folders by
name, so the core depends on no plug-in. Never instantiates anything.
"""

import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import TypeVar

from stormcone.errors import PluginError

Role = TypeVar("Role")


def discover(package_name: str, role: type[Role], *, key: str) -> dict[str, type[Role]]:
    """Return the concrete `role` classes of a package, by their `key` attribute, sorted.

    Args: package_name: an importable folder, such as "collectors". role: the abstract class of stormcone.ports.
        key: name of the class attribute that names a plug-in ("platform", "name", "type").
    Returns: key -> class. Modules whose name starts with an underscore and subpackages are not plug-ins.
    Raises: PluginError: a file holds no concrete class of the role, or several, or a name is taken twice.
    >>> from stormcone.ports import Signal
    >>> "velocity" in discover("analysis.signals", Signal, key="name")
    True
    """
    package = importlib.import_module(package_name)
    found: dict[str, type[Role]] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        if info.ispkg or info.name.startswith("_"):
            continue
        module = _imported(f"{package_name}.{info.name}")
        plugin = _only_class(module, role)
        name = getattr(plugin, key, None)
        if not isinstance(name, str):
            raise PluginError(f"{module.__file__}: {plugin.__name__} needs a class attribute {key!r}, its name")
        if name in found:
            raise PluginError(f"{module.__file__}: {key} {name!r} is already taken by {found[name].__module__}")
        found[name] = plugin
    return dict(sorted(found.items()))


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (ImportError, SyntaxError, NameError, AttributeError, TypeError, ValueError) as error:
        raise PluginError(f"plug-in {name}: does not import ({error!r}); mend or remove the file") from error


def _only_class(module: ModuleType, role: type[Role]) -> type[Role]:
    classes = [
        each
        for each in vars(module).values()
        if inspect.isclass(each)
        and issubclass(each, role)
        and not inspect.isabstract(each)
        and each.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise PluginError(
            f"{module.__file__}: a plug-in file holds exactly one concrete {role.__name__}, not {len(classes)}"
        )
    return classes[0]
