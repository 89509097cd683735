"""Reads the weights in a `model.bin` of CTranslate2, so that other engines can compute with the very same numbers.

The format is that of `ctranslate2.specs.model_spec.ModelSpec.save`, versions 5 and 6: a header, then for each variable its name,
shape, type and bytes, then the names that share another variable's bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from diarist.errors import ModelUnavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TYPES: dict[int, Any] = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
_VERSIONS = (5, 6)
_MOST = 100_000
"""Variables of one file; more is no model."""


def read_weights(path: Path, wanted: Callable[[str], bool]) -> dict[str, NDArray[Any]]:
    """The variables whose names are wanted, floats as float32, quantised ones multiplied out; raises `ModelUnavailable`."""
    try:
        found, aliases = _read(path, wanted)
    except (OSError, struct.error, ValueError, UnicodeDecodeError) as error:
        raise ModelUnavailable(f"the weights in {path.name} cannot be read: {error}") from error
    for alias, name in aliases.items():
        for suffix in ("", "_scale"):  # an alias has no line of its own for its scale
            if wanted(alias) and f"{name}{suffix}" in found:
                found[f"{alias}{suffix}"] = found[f"{name}{suffix}"]
    return {name: _plain(name, values, found) for name, values in found.items() if not name.endswith("_scale")}


def _read(path: Path, wanted: Callable[[str], bool]) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    found: dict[str, NDArray[Any]] = {}
    with path.open("rb") as file:

        def number(kind: str) -> int:
            size = struct.calcsize(kind)
            value: int = struct.unpack(f"<{kind}", file.read(size))[0]
            return value

        def text() -> str:
            return file.read(number("H"))[:-1].decode()

        if (version := number("I")) not in _VERSIONS:
            raise ValueError(f"its version {version} is not known")
        text(), number("I")
        if (variables := number("I")) > _MOST:
            raise ValueError("it is damaged")
        for _ in range(variables):
            name = text()
            shape = [number("I") for _ in range(number("B"))]
            kind, size = number("B"), number("I")
            if not wanted(name):
                file.seek(size, 1)
                continue
            data = file.read(size)
            if len(data) != size:
                raise ValueError("it is cut off")
            found[name] = np.frombuffer(data, _TYPES[kind]).reshape(shape)
        aliases = {text(): text() for _ in range(number("I"))}
    return found, aliases


def _plain(name: str, values: NDArray[Any], found: dict[str, NDArray[Any]]) -> NDArray[Any]:
    scale = found.get(f"{name}_scale")
    if scale is not None:
        return values.astype(np.float32) / scale.astype(np.float32).reshape(-1, *(1,) * (values.ndim - 1))
    return values.astype(np.float32) if values.dtype == np.float16 else values
