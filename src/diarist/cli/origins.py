"""Where each setting in force comes from; passwords are never shown."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from diarist.cli.place import ADDRESS, KEY
from diarist.settings import Settings

PREFIX = "DIARIST_"
_PASSWORD = re.compile(r"(?<=://)([^/@:]*):[^/@]*@")
_PARAMETER = re.compile(r"(?<=[?&]password=)[^&]*")


@dataclass(frozen=True, slots=True)
class Origin:
    """One setting in force."""

    variable: str
    """The environment variable that sets it."""
    value: str
    source: str | None
    """The environment variable that did set it; None for a default."""


def origins(settings: Settings, environment: Iterable[str]) -> list[Origin]:
    """Every setting; `environment`: the names of what is set. A variable may set a whole group at once, as JSON."""
    present = {name.upper() for name in environment}
    return [
        Origin(variable, value, next((name for name in _with_groups(variable) if name in present), None))
        for variable, value in _values(settings, PREFIX)
    ]


def unknown_variables(settings: Settings, environment: Iterable[str]) -> dict[str, str | None]:
    """Variables that look like ours but set nothing, each with the nearest that does: mistakes in writing, mostly."""
    known = {name for variable, _ in _values(settings, PREFIX) for name in _with_groups(variable)} | {ADDRESS, KEY}
    unknown = sorted(name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in known)
    return {name: next(iter(difflib.get_close_matches(name.upper(), known, n=1)), None) for name in unknown}


def without_password(value: str) -> str:
    """A URL as it may be shown."""
    return _PARAMETER.sub("***", _PASSWORD.sub(r"\1:***@", value))


def _values(model: BaseModel, prefix: str) -> Iterator[tuple[str, str]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _values(value, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}", without_password(str(value))


def _with_groups(variable: str) -> Iterator[str]:
    """The variable itself, then those that set the groups it lies in."""
    while variable:
        yield variable
        variable = variable.rpartition("__")[0]
