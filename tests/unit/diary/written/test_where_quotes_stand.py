"""A quote counts where it was said, and not where it is doubted."""

from __future__ import annotations

import pytest

from diarist.diary.written.hearing import Evidence, Hearing
from made_transcripts import spoken, transcript


def _hearing() -> Hearing:
    return Hearing(
        transcript(
            spoken(0, "I called Anna about the garden."),
            spoken(3, "She was not at home,"),
            spoken(5, "so I left a note.", suspicions=("repetition",)),
            spoken(8, "The garden is dry."),
        )
    )


def test_a_quote_is_found_whatever_its_case_and_punctuation() -> None:
    found = _hearing().evidence("i called ANNA -- about the garden", [0])

    assert isinstance(found, Evidence)
    assert found.citation.quote == "I called Anna about the garden."
    assert found.citation.segment_ids == (0,)


@pytest.mark.parametrize(
    ("quote", "segments", "reason"),
    [
        ("I called Anna", [], "no segment"),
        ("I called Anna", [9], "unknown segment"),
        ("I called Anna", [-1], "unknown segment"),
        ("I left a note", [2], "doubted segment"),
        ("She was not at home so I left", [1, 2], "doubted segment"),
        ("I called Anna", [3], "quote not said there"),
        ("I called Berta", [0], "quote not said there"),
        ("not at home. The garden", [1, 3], "quote not said there"),
        ("...", [0], "no quote"),
    ],
)
def test_a_quote_that_cannot_be_used_says_why(quote: str, segments: list[int], reason: str) -> None:
    assert _hearing().evidence(quote, segments) == reason


def test_a_quote_may_run_over_a_border_of_segments() -> None:
    found = _hearing().evidence("about the garden she was not", [0, 1])

    assert isinstance(found, Evidence)
    assert found.citation.segment_ids == (0, 1)
