"""Secrets come from the environment and nowhere else.

Every settings key that ends in `_env` names an environment variable. This module reads those variables once, at start;
it never logs a value and never puts one into a message.
"""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel


def gather_secrets(sections: Iterable[BaseModel], environment: Mapping[str, str]) -> dict[str, str]:
    """Return variable name -> value for every `*_env` key of the sections that is set in the environment.

    >>> from stormcone.config.sections import StoreSettings
    >>> gather_secrets([StoreSettings(url_env="DB")], {"DB": "s", "OTHER": "x"})
    {'DB': 's'}
    """
    names = {
        value
        for section in sections
        for key, value in section
        if key.endswith("_env") and isinstance(value, str) and value
    }
    return {name: environment[name] for name in sorted(names) if name in environment}
