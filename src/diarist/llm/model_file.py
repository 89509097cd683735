"""Reads what a GGUF file says of its model, without loading it.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3, little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from diarist.errors import ModelUnavailable
from diarist.ports.language_model import ModelInFile

ENOUGH = 12_800
"""Tokens: the longest question of a diary and its answer. Each takes memory, whether it is used or not."""
_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_NUMBERS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
"""Types of the format, as `struct` spells them."""
_STRING, _ARRAY = 8, 9
_LONGEST_STRING = 2**24
_MOST_ENTRIES = 2**24
_DEFAULT_ALIGNMENT = 32
_F16 = 2
"""Bytes of one number that llama.cpp remembers of a token."""
_SCRATCH = 200_000_000
"""Bytes; SmolLM2 with 135 million weights took 150 MB besides."""

Value = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """A model in a file."""

    path: Path
    size: int
    """Bytes."""
    name: str
    """As its makers call it; empty when the file does not say."""
    architecture: str
    context_tokens: int
    """Tokens of question and answer together for which it was trained."""
    token_bytes: int
    """Memory that each token of the context takes while the model works; 0 when the file does not say enough."""

    def memory(self, context_tokens: int) -> int:
        """Bytes that it takes, about: the weights, what it remembers of a context, and room to compute in."""
        return self.size + context_tokens * self.token_bytes + _SCRATCH

    def taking(self, context_tokens: int | None) -> ModelInFile:
        """What a provider is told of it: room for so many tokens, or for what is useful; raises `ModelUnavailable`."""
        if context_tokens is not None and context_tokens > self.context_tokens:
            raise ModelUnavailable(
                f"the model in {self.path} shall take {context_tokens} tokens, and was made for {self.context_tokens}",
                advice="Lower its context_tokens in DIARIST_LLM__PROVIDERS.",
            )
        return ModelInFile(path=str(self.path.absolute()), context_tokens=context_tokens or min(self.context_tokens, ENOUGH))


def read_model_file(path: Path) -> ModelFile:
    """Raises `ModelUnavailable` for what is not there, no GGUF, cut off, or no model that writes text."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            found = _read(file, size)
    except OSError as error:
        raise _bad(path, error.strerror or "it cannot be read") from error
    except (EOFError, struct.error, UnicodeDecodeError, OverflowError) as error:
        raise _bad(path, "it is cut off or damaged") from error
    except ValueError as error:
        raise _bad(path, str(error)) from error
    architecture = str(found.get("general.architecture", ""))
    context = found.get(f"{architecture}.context_length")
    if not isinstance(context, int) or context < 1 or "tokenizer.ggml.model" not in found:
        raise _bad(path, "it holds no language model")
    return ModelFile(
        path=path,
        size=size,
        name=str(found.get("general.name", "")),
        architecture=architecture,
        context_tokens=context,
        token_bytes=_token_bytes(found, architecture),
    )


def model_in_file(path: Path, context_tokens: int | None) -> ModelInFile:
    """Read the file, and say what a provider is told of it; raises `ModelUnavailable`."""
    return read_model_file(path).taking(context_tokens)


def _read(file: BinaryIO, size: int) -> Mapping[str, Value]:
    if file.read(4) != _MAGIC:
        raise ValueError("it is no GGUF file")
    version, tensors, entries = _number(file, 4), _number(file, 10), _number(file, 10)
    if version not in _VERSIONS:
        raise ValueError(f"it is a GGUF file of version {version}, and {_VERSIONS} are known")
    if not 0 <= tensors <= _MOST_ENTRIES or not 0 <= entries <= _MOST_ENTRIES:
        raise ValueError("its header makes no sense")
    found: dict[str, Value] = {}
    for _ in range(int(entries)):
        key = _string(file)
        value = _value(file, int(_number(file, 4)))
        if value is not None:
            found[key] = value
    last = 0
    for _ in range(int(tensors)):
        _string(file)
        file.seek(8 * int(_number(file, 4)) + 4, 1)
        last = max(last, int(_number(file, 10)))
    alignment = max(1, int(found.get("general.alignment", _DEFAULT_ALIGNMENT)))
    begin = -(-file.tell() // alignment) * alignment
    if tensors and begin + last >= size:
        raise ValueError("it ends before its last weights; it was not fetched to the end")
    return found


def _value(file: BinaryIO, kind: int) -> Value | None:
    """A value; None for a list, which is only skipped."""
    if kind == _STRING:
        return _string(file)
    if kind != _ARRAY:
        return _number(file, kind)
    item, count = int(_number(file, 4)), int(_number(file, 10))
    if item in _NUMBERS:
        file.seek(count * struct.calcsize(_NUMBERS[item]), 1)
    elif item == _STRING:
        for _ in range(count):
            file.seek(int(_number(file, 10)), 1)
    else:
        raise ValueError("its header makes no sense")
    return None


def _number(file: BinaryIO, kind: int) -> int | float | bool:
    form = _NUMBERS.get(kind)
    if form is None:
        raise ValueError("its header makes no sense")
    data = file.read(struct.calcsize(form))
    number: int | float | bool = struct.unpack(form, data)[0]
    return number


def _string(file: BinaryIO) -> str:
    length = int(_number(file, 10))
    if length > _LONGEST_STRING:
        raise ValueError("its header makes no sense")
    data = file.read(length)
    if len(data) < length:
        raise EOFError
    return data.decode()


def _token_bytes(found: Mapping[str, Value], architecture: str) -> int:
    """Keys and values of all layers, as llama.cpp keeps them, in 16 bits."""

    def number(key: str, otherwise: int = 0) -> int:
        value = found.get(f"{architecture}.{key}", otherwise)
        return value if isinstance(value, int) else 0

    heads = number("attention.head_count")
    head = number("embedding_length") // heads if heads else 0
    width = number("attention.key_length", head) + number("attention.value_length", head)
    return number("block_count") * number("attention.head_count_kv", heads) * width * _F16


def _bad(path: Path, why: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"the model file {path} cannot be used: {why}",
        advice="DIARIST_LLM__PROVIDERS names it; give the path of a whole GGUF file of a chat model.",
    )
