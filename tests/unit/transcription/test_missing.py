"""The owner is told of speech without text, when it is worth a look, and where."""

from diarist.domain.coverage import Coverage, CoverageLabel, CoverageSpan
from diarist.transcription.missing import dropped_spans, missing_speech


def coverage(*dropped: tuple[float, float], voiced: float = 100.0, reason: str = "no_words") -> Coverage:
    spans, clock = [], 0.0
    for start, end in dropped:
        spans.append(CoverageSpan(start=clock, end=start, label=CoverageLabel.NO_SPEECH, reason=""))
        spans.append(CoverageSpan(start=start, end=end, label=CoverageLabel.DROPPED_SPEECH, reason=reason))
        clock = end
    return Coverage(spans=(*spans, CoverageSpan(start=clock, end=clock + voiced, label=CoverageLabel.TRANSCRIBED, reason="")))


def test_a_sentence_of_a_memo_is_worth_a_warning_with_its_time() -> None:
    notice = missing_speech(coverage((61.0, 64.2)))
    assert notice is not None
    assert notice.code == "dropped_speech"
    assert notice.message.startswith("3 s with a voice have no text: 1:01-1:04. Listen there;")


def test_the_longest_are_named_in_order_of_time() -> None:
    notice = missing_speech(coverage((10, 13), (3600, 3640), (4000, 4004), (5000, 5010), (6000, 6002)))
    assert notice is not None
    assert "59 s with a voice have no text: 1:00:00-1:00:40, 1:06:40-1:06:44, 1:23:20-1:23:30 and 2 more." in notice.message


def test_two_seconds_of_an_hour_are_none_but_half_a_minute_of_it_is() -> None:
    assert missing_speech(coverage((10, 12), voiced=3600)) is None
    assert missing_speech(coverage((10, 41), voiced=3600)) is not None


def test_nothing_is_said_of_parts_that_failed_nor_where_nothing_is_known_or_missing() -> None:
    assert missing_speech(coverage((10, 60), reason="child_died")) is None
    assert missing_speech(coverage()) is None
    assert missing_speech(None) is None


def test_the_longest_comes_first() -> None:
    assert [span.start for span in dropped_spans(coverage((10, 13), (20, 29), (40, 44)))] == [20, 40, 10]
