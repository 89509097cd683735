"""Writes GGUF files with a header and nothing sensible behind it, by the format's own document."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

STRING, ARRAY, UINT32 = 8, 9, 4


def text(value: str) -> bytes:
    """A string of the format."""
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def number(value: int) -> bytes:
    """A value: 32 bits without a sign."""
    return struct.pack("<II", UINT32, value)


def string(value: str) -> bytes:
    """A value: a string."""
    return struct.pack("<I", STRING) + text(value)


def strings(values: Sequence[str]) -> bytes:
    """A value: a list of strings."""
    return struct.pack("<IIQ", ARRAY, STRING, len(values)) + b"".join(map(text, values))


MODEL: Mapping[str, bytes] = {
    "general.architecture": string("llama"),
    "general.name": string("Made up"),
    "tokenizer.ggml.tokens": strings(["a", "b", "ü"]),
    "tokenizer.ggml.scores": struct.pack("<IIQ3f", ARRAY, 6, 3, 0.0, 1.0, 2.0),
    "tokenizer.ggml.model": string("gpt2"),
    "llama.context_length": number(8192),
    "llama.embedding_length": number(576),
    "llama.block_count": number(30),
    "llama.attention.head_count": number(9),
    "llama.attention.head_count_kv": number(3),
}
"""What a header says of a model like SmolLM2."""


def gguf(entries: Mapping[str, bytes] = MODEL, *, version: int = 3, weights: int = 64) -> bytes:
    """A file with one tensor of so many bytes."""
    header = struct.pack("<4sIQQ", b"GGUF", version, 1, len(entries))
    header += b"".join(text(key) + value for key, value in entries.items())
    header += text("token_embd.weight") + struct.pack("<I2QIQ", 2, 4, 4, 0, 0)
    return header + bytes(-len(header) % 32) + bytes(weights)
