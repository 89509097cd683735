"""The reference pages of errors and of exit statuses."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import diarist
from diarist.cli import exit_codes
from diarist.errors import DiaristError
from diarist.http import problem
from reference_markdown import page, table


def tree(root: type[DiaristError] = DiaristError, depth: int = 0) -> Iterator[tuple[int, type[DiaristError]]]:
    """Every public class with its depth, parents first."""
    yield depth, root
    children = [cls for cls in root.__subclasses__() if not cls.__name__.startswith("_")]
    for child in sorted(children, key=lambda cls: (not cls.__module__.startswith("diarist.errors."), cls.__module__)):
        yield from tree(child, depth + 1)


def told(error: type[DiaristError]) -> str:
    """What the class says of itself."""
    return (inspect.getdoc(error) or "").splitlines()[0]


def load_all() -> None:
    """Import the whole package, for errors that stand beside the code that raises them."""
    for module in walk_packages(diarist.__path__, "diarist."):
        if not module.name.endswith("__main__") and ".adapters" not in module.name:
            import_module(module.name)


def errors_page() -> str:
    """The page of errors."""
    load_all()
    rows = [
        (
            f"{'· ' * depth}`{cls.code}`",
            told(cls),
            "yes" if cls.retryable else "no",
            str(exit_codes.status_of(cls)),
            str(problem.status_of(cls)),
            cls.advice,
        )
        for depth, cls in tree()
    ]
    return page(
        "Errors",
        "src/diarist/errors",
        "Each has a code that never changes its meaning. An error below another (·) is a kind of it. "
        "Exit is the status with which a command ends, HTTP that of an answer.",
        table(("Code", "What happened", "Can a retry help?", "Exit", "HTTP", "What to do"), *rows),
    )


def exit_codes_page() -> str:
    """The page of exit statuses, errors and others, in order."""
    load_all()
    codes: defaultdict[int, list[str]] = defaultdict(list)
    for _, cls in tree():
        codes[exit_codes.status_of(cls)].append(cls.code)
    meanings = {exit_codes.status_of(cls): told(cls) for cls in reversed(exit_codes.STATUSES)} | exit_codes.MEANINGS
    rows = [
        (str(status), meaning, ", ".join(f"`{code}`" for code in codes[status])) for status, meaning in sorted(meanings.items())
    ]
    return page(
        "Exit statuses",
        "src/diarist/cli/exit_codes.py",
        "An error without a status of its own ends with that of its family; [errors](errors.md) tells what to do.",
        table(("Exit", "Meaning", "Error codes"), *rows),
    )
