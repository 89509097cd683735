from __future__ import annotations

from collections.abc import Sequence

import pytest

from diarist.adapters.transcription_engines.languages import Belief, main_run, restricted, runs
from diarist.domain.audio import Span

EN, DE, ES = {"en": 0.99, "de": 0.01}, {"de": 0.98, "en": 0.02}, {"es": 0.76, "gl": 0.14, "ca": 0.1}
WINDOWS = [Span(0, 24), Span(24, 48), Span(48, 72)]


def halves(span: Span) -> list[Span]:
    return [Span(start, start + 6.0) for start in range(int(span.start), int(span.end), 6)]


class Ear:
    """Believes of each span what the test says of its middle; counts how many it heard."""

    def __init__(self, spoken: Sequence[tuple[float, Belief]]) -> None:
        self.spoken = spoken
        self.heard = 0

    def __call__(self, spans: Sequence[Span]) -> list[Belief]:
        self.heard += len(spans)
        return [next(belief for end, belief in self.spoken if (span.start + span.end) / 2 < end) for span in spans]


def test_one_language_costs_one_look_at_each_window() -> None:
    ear = Ear([(72, EN)])
    [run] = runs(WINDOWS, ear, halves)
    assert (run.span, run.language, round(run.probability, 3)) == (Span(0, 72), "en", 0.99)
    assert ear.heard == 3


def test_a_change_is_found_to_within_a_piece() -> None:
    found = runs(WINDOWS, Ear([(30, EN), (72, DE)]), halves)
    assert [(run.language, run.span) for run in found] == [("en", Span(0, 30)), ("de", Span(30, 72))]
    language, probability = main_run(found)
    assert (language, round(probability, 3)) == ("de", 0.98)


def test_a_doubt_is_no_change() -> None:
    doubtful = {"de": 0.7, "en": 0.3}
    assert [run.language for run in runs(WINDOWS, Ear([(24, EN), (48, doubtful), (72, EN)]), lambda span: [span])] == ["en"]
    # Galician for a moment, in the midst of Spanish.
    windows = [Span(0, 2), Span(2, 22)]
    beliefs = [{"gl": 0.9, "es": 0.1}, ES]
    assert [run.language for run in runs(windows, lambda spans: beliefs[: len(spans)], lambda span: [span])] == ["es"]


def test_a_phrase_that_is_sure_stands_between_others() -> None:
    found = runs(WINDOWS, Ear([(24, EN), (30, {"en": 0.6, "de": 0.4}), (42, DE), (72, EN)]), halves)
    assert [(run.language, run.span) for run in found] == [("en", Span(0, 30)), ("de", Span(30, 42)), ("en", Span(42, 72))]


def test_only_what_may_be_spoken_is_believed() -> None:
    belief = {"nn": 0.6, "de": 0.3, "en": 0.1}
    assert restricted(belief, ()) == pytest.approx(belief)
    assert restricted(belief, ("de", "en")) == pytest.approx({"de": 0.75, "en": 0.25})
    assert restricted({"nn": 1.0, "de": 0.0, "en": 0.0}, ("de", "en")) == pytest.approx({"de": 0.5, "en": 0.5})
