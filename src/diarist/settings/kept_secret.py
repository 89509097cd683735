"""Which texts of the settings are secret, so that no log repeats them.

Not where logs are written: a child process writes logs too, and has no use for pydantic's 12 MB.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pydantic import BaseModel, SecretStr

_SHORTEST = 6
"""Characters of a secret that is looked for; shorter ones would take away more than themselves."""


def secrets_of(settings: BaseModel) -> frozenset[str]:
    """All that settings keep secret, and the passwords in their URLs."""
    return frozenset(one for one in _secrets(settings) if len(one) >= _SHORTEST)


def _secrets(value: object) -> Iterable[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _secrets(getattr(value, name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _secrets(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _secrets(one)
    elif isinstance(value, str):
        yield from re.findall(r"://[^/@\s:]*:([^/@\s]+)@", value)
