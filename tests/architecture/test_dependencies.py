"""What the package imports is what it asks for: nothing is used that only came along with something else."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def imported_modules(path: Path) -> Iterator[str]:
    """Modules that are imported by name, and packages whose files are read."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module
            case ast.Call(func=ast.Name(id="files"), args=[ast.Constant(value=str(package))]):
                yield package


def test_everything_that_is_imported_is_asked_for() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    extras = [line for name, lines in project["optional-dependencies"].items() if name != "dev" for line in lines]
    lines = [*project["dependencies"], *extras]
    asked = {canonicalize_name(Requirement(line).name) for line in lines}
    bringers = {module: {canonicalize_name(name) for name in names} for module, names in packages_distributions().items()}
    unasked = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in (ROOT / "src").rglob("*.py")
        for module in imported_modules(path)
        if (top := module.partition(".")[0]) not in {"diarist", *sys.stdlib_module_names} and not bringers.get(top, set()) & asked
    }
    assert not unasked
