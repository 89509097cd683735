"""The reference page of settings: every environment variable with its default and meaning."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from typing import Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from diarist.settings import Settings
from reference_markdown import page, table


def explanations(model: type[BaseModel]) -> dict[str, str]:
    """The string that stands below each field in the source."""
    body = ast.parse(inspect.getsource(model)).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101  # what getsource gives of a class
    found = {}
    for field, following in zip(body.body, body.body[1:], strict=False):
        match field, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(text.split())
    return found


def default(field: FieldInfo) -> str:
    """What holds when the variable is not set."""
    if field.default_factory is not None:
        return "the platform's own"
    match field.default:
        case None:
            return "unset"
        case list() as values:
            told = json.dumps(values)
        case frozenset() as values:
            told = ",".join(sorted(values))
        case tuple() as values:
            told = ",".join(values)
        case SecretStr():
            told = ""
        case value:
            told = str(value)
    return f"`{told}`" if told else "empty"


def choices(field: FieldInfo) -> str:
    """The values that are accepted, where they can be listed."""
    if get_origin(field.annotation) is not Literal:
        return ""
    return "One of " + ", ".join(f"`{value}`" for value in get_args(field.annotation)) + ". "


def settings_rows(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str, str]]:
    """Variable, default and meaning of each setting below one prefix."""
    told = explanations(model)
    for name, field in model.model_fields.items():
        variable = prefix + name.upper()
        if isinstance(field.default, BaseModel):
            yield from settings_rows(type(field.default), f"{variable}__")
        else:
            yield f"`{variable}`", default(field), (choices(field) + told.get(name, "")).strip()


def settings_page() -> str:
    """Every environment variable."""
    return page(
        "Settings",
        "src/diarist/settings",
        "All are environment variables. Lists are written as JSON.",
        table(("Variable", "Default", "Meaning"), *settings_rows(Settings, "DIARIST_")),
    )
