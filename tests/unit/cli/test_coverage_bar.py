"""The bar is as wide as it is told, in proportion to time, and hides nothing that is wrong however short it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.cli.coverage_bar import bar, dropped, legend
from diarist.domain.coverage import Coverage, CoverageLabel, CoverageSpan
from made_transcripts import coverage

T, S, D, N, P = CoverageLabel


def test_signs_are_in_proportion_to_time() -> None:
    found = coverage((N, 10), (T, 30), (S, 10), (T, 20), (D, 10), (P, 20))
    assert bar(found, 10).plain == "·███▒██!……"
    assert bar(found, 20, ascii_only=True).plain == "..######??####!!~~~~"


def test_colours_are_those_of_the_labels() -> None:
    shown = bar(coverage((T, 1), (S, 1), (D, 1), (N, 1)), 4)
    assert [span.style for span in shown.spans] == ["green", "yellow", "red", "dim"]


@pytest.mark.parametrize("width", [1, 7, 60])
def test_a_second_of_dropped_speech_is_seen_in_a_day(width: int) -> None:
    shown = bar(coverage((T, 50_000), (D, 1), (S, 1), (N, 36_400)), width).plain
    assert len(shown) == width
    assert shown.count("!") == 1


def test_the_legend_names_what_there_is_with_its_length() -> None:
    found = coverage((N, 70), (T, 200.4), (D, 3))
    assert legend(found).plain == "█ transcribed 3:20  ! dropped speech 3 s  · no speech 1:10"
    assert legend(found, ascii_only=True).plain == "# transcribed 3:20  ! dropped speech 3 s  . no speech 1:10"


def test_the_longest_dropped_stretches_are_named_in_order_of_time() -> None:
    lengths = [part for seconds in (9, 2, 8, 3, 7, 6) for part in ((T, 60), (D, seconds))]
    assert dropped(coverage(*lengths)) == "1:00-1:09, 3:11-3:19, 4:19-4:22, 5:22-5:29, 6:29-6:35 and 1 more"
    assert dropped(coverage((T, 5))) == ""


def test_a_recording_of_no_length_has_no_bar() -> None:
    assert bar(Coverage(spans=()), 40).plain == ""


@given(st.lists(st.tuples(st.sampled_from(list(CoverageLabel)), st.integers(1, 10**7)), min_size=1), st.integers(1, 200))
def test_whatever_there_is_the_bar_has_its_width_and_every_alarm(parts: list[tuple[CoverageLabel, int]], width: int) -> None:
    clock, spans = 0, []
    for label, length in parts:
        spans.append(CoverageSpan(start=clock / 1000, end=(clock + length) / 1000, label=label, reason=""))
        clock += length
    shown = bar(Coverage(spans=tuple(spans)), width).plain
    assert len(shown) == width
    assert ("!" in shown) == any(label is D for label, _ in parts)
