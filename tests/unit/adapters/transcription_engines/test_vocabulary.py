from __future__ import annotations

import pytest

from diarist.adapters.transcription_engines.vocabulary import echoes, hotwords

NAMES = ("Anna", "Grünwald", "Saint-Exupéry")


def test_as_many_terms_are_told_as_there_is_room_for() -> None:
    assert hotwords(NAMES, len) == "Anna, Grünwald, Saint-Exupéry"
    assert hotwords(("x" * 50, "y" * 40, "z" * 50), len) == f"{'x' * 50}, {'y' * 40}"
    assert hotwords(("x" * 97,), len) is None
    assert hotwords((), len) is None
    assert hotwords(NAMES, len, 14) == "Anna, Grünwald"


def test_what_a_tokenizer_takes_for_a_command_is_left_out() -> None:
    assert hotwords(("Anna", "<|translate|>", "a<|endoftext|>b", "Grünwald <3"), len) == "Anna, Grünwald <3"


@pytest.mark.parametrize(
    ("segment", "window", "echo"),
    [
        ("Grünwald.", "Grünwald.", True),
        ("Grünwald, Grünwald!", "Grünwald, Grünwald!", True),
        ("saint exupéry", "Saint-Exupéry", True),
        ("Anna, Grünwald.", "I called her. Anna, Grünwald.", True),
        # Somebody answers with a name.
        ("Anna.", "Who was it? Anna.", False),
        ("I called Anna.", "I called Anna.", False),
        ("", "", False),
    ],
)
def test_hints_that_are_only_repeated_are_found_out(segment: str, window: str, echo: bool) -> None:  # noqa: FBT001
    assert echoes(segment, window, NAMES) is echo


@pytest.mark.parametrize(
    ("segment", "window", "echo"),
    [
        ("\u7530\u4e2d\u5c71\u672c", "\u7530\u4e2d\u5c71\u672c", True),
        ("\u7530\u4e2d\u3001\u5c71\u672c\u3002", "\u884c\u304f\u3002\u7530\u4e2d\u3001\u5c71\u672c\u3002", True),
        ("\u5c71\u672c", "\u884c\u304f\u3002\u5c71\u672c", False),
        # The same letters, but "in the mountains".
        ("\u5c71\u4e2d", "\u5c71\u4e2d", False),
        ("\u0e2a\u0e38\u0e14\u0e32", "\u0e2a\u0e38\u0e14\u0e32", True),
    ],
    ids=["joined", "listed", "answered", "other words", "Thai"],
)
def test_hints_in_scripts_without_spaces_are_found_out_too(segment: str, window: str, echo: bool) -> None:  # noqa: FBT001
    assert echoes(segment, window, ("\u7530\u4e2d", "\u5c71\u672c", "\u0e2a\u0e38\u0e14\u0e32")) is echo
