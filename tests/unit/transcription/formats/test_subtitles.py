"""Subtitles as players see them: read by `pysubs2` and `webvtt-py`."""

from html import unescape
from io import StringIO

import pysubs2
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.transcript import Transcript, Word
from diarist.transcription.formats.cues import LONGEST, cues_of
from diarist.transcription.formats.form import USUAL, Layout
from diarist.transcription.formats.pieces import pieces_of
from diarist.transcription.formats.subtitles import srt, vtt
from diarist.transcription.formats.wording import columns
from made_transcripts import gap, segment, spoken, transcript, transcripts

STORY = (
    "So I called Anna about the garden, and she said that the tomatoes aren't doing well this year. Really? I don't know! "
    "We should probably ask the neighbours, because their tomatoes are enormous. Nobody will notice."
)
layouts = st.builds(Layout, max_line_length=st.integers(16, 60), max_lines=st.integers(1, 3))


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(transcripts(), layouts)
def test_nothing_is_lost_and_nothing_is_split(told: Transcript, layout: Layout) -> None:
    lines = [line for cue in cues_of(told, layout) for line in cue.lines]
    assert squeezed("".join(lines)) == squeezed(told.text)
    # Where spaces divide words, each line holds whole ones.
    spaced = transcript(*(one for one in told.segments if " " in one.text))
    words = [word for cue in cues_of(spaced, layout) for line in cue.lines for word in line.split()]
    assert words == spaced.text.split()


@given(transcripts(), layouts)
def test_every_cue_keeps_its_bounds(told: Transcript, layout: Layout) -> None:
    alone = {piece.text for one in told.segments for piece in pieces_of(one)}
    for cue in cues_of(told, layout):
        assert cue.end - cue.start <= LONGEST + 1e-9
        assert 1 <= len(cue.lines) <= layout.max_lines
        assert all(columns(line) <= layout.max_line_length or line in alone for line in cue.lines)


@given(transcripts(), layouts)
def test_players_read_every_cue_in_time_and_none_at_once_with_another(told: Transcript, layout: Layout) -> None:
    cues = cues_of(told, layout)
    read = pysubs2.SSAFile.from_string(srt(told, layout), format_="srt") if cues else pysubs2.SSAFile()
    assert len(read) == len(cues)
    clock = 0
    for seen, cue in zip(read, cues, strict=True):
        assert clock <= seen.start < seen.end
        # Words without length share a moment: each cue then has its own millisecond.
        assert cue.start * 1000 - 1 <= seen.start <= cue.start * 1000 + len(cues) + 1
        assert seen.end - seen.start <= LONGEST * 1000 + 1
        clock = seen.end


@given(transcripts())
def test_webvtt_says_the_same_as_the_transcript(told: Transcript) -> None:
    captions = webvtt.from_buffer(StringIO(vtt(told, USUAL))).captions
    assert squeezed(unescape("".join(caption.text for caption in captions))) == squeezed(told.text)


def test_cues_end_where_phrases_end() -> None:
    read = [caption.text for caption in webvtt.from_buffer(StringIO(vtt(transcript(spoken(0.0, STORY)), USUAL))).captions]
    assert read == [
        "So I called Anna about the garden,",
        "and she said that the tomatoes\naren't doing well this year.",
        "Really? I don't know!",
        "We should probably ask the neighbours,\nbecause their tomatoes are enormous.",
        "Nobody will notice.",
    ]


def test_a_pause_ends_a_cue_where_no_mark_does() -> None:
    first, second = spoken(0.0, "we went on"), spoken(3.0, "and came back")
    assert [cue.lines for cue in cues_of(transcript(first, second), USUAL)] == [("we went on",), ("and came back",)]


def test_chinese_is_broken_between_characters_but_not_before_its_marks() -> None:
    said = "你好,世界。我们今天去公园散步了,然后我们回家吃晚饭,看了一个非常有意思的电影。"
    [*lines] = [line for cue in cues_of(transcript(spoken(0.0, said, between="")), USUAL) for line in cue.lines]
    assert "".join(lines) == said
    assert all(columns(line) <= 42 for line in lines)
    assert not [line for line in lines if line[0] in ",。"]


def test_short_words_are_shown_long_enough_to_be_read_but_not_into_the_next() -> None:
    told = transcript(segment(1.0, 1.2, "No."), segment(9.0, 9.1, "Why?"), segment(9.4, 12.0, "Because."), duration=20.0)
    times = [(seen.start, seen.end) for seen in pysubs2.SSAFile.from_string(srt(told, USUAL), format_="srt")]
    assert times[0] == (1000, 1833)
    assert times[1:] == [(9000, 12000)]


def test_a_word_longer_than_the_line_stands_alone() -> None:
    long = "Donaudampfschifffahrtsgesellschaftskapitänsmütze"
    [cue] = cues_of(transcript(spoken(0.0, f"die {long} da", pace=0.02)), Layout(max_line_length=20, max_lines=3))
    assert cue.lines == ("die", long, "da")


def test_words_that_are_written_together_stay_together() -> None:
    parts = ["a", "very", "well", "-known", "story", "?"]
    words = tuple(Word(start=at, end=at + 0.5, text=part, probability=0.9) for at, part in enumerate(parts))
    told = transcript(segment(0.0, 6.0, "a very well-known story ?", words=words))
    lines = [line for cue in cues_of(told, Layout(max_line_length=16)) for line in cue.lines]
    assert lines == ["a very", "well-known", "story ?"]


def test_slow_speech_is_cut_before_a_cue_lasts_too_long() -> None:
    told = transcript(spoken(0.0, "one two three four five six seven eight", pace=0.4))
    cues = cues_of(told, USUAL)
    ends = {word.text: word.end for word in told.segments[0].words}
    assert len(cues) > 1
    assert [cue.end for cue in cues] == [ends[cue.lines[-1].split()[-1]] for cue in cues]


def test_doubtful_text_is_marked_in_each_way_that_the_format_has() -> None:
    told = transcript(spoken(0.0, "We went home."), spoken(2.0, "Home home home home.", suspicions=("repetition",)))
    seen = pysubs2.SSAFile.from_string(srt(told, USUAL), format_="srt")
    assert [one.plaintext for one in seen] == ["We went home.", "[?] Home home home home."]
    text = vtt(told, USUAL)
    assert "NOTE Doubtful: repetition\n\n00:00:02.000" in text
    assert "<c.doubtful>Home home home home.</c>" in text
    assert "::cue(.doubtful)" in text
    assert "STYLE" not in vtt(transcript(spoken(0.0, "We went home.")), USUAL)


def test_a_gap_is_named_where_it_is() -> None:
    told = transcript(spoken(0.0, "Before."), spoken(700.0, "After."), gaps=(gap(60.0, 600.0),))
    seen = pysubs2.SSAFile.from_string(srt(told, USUAL), format_="srt")
    assert [(one.plaintext, one.start) for one in seen] == [
        ("Before.", 0),
        ("[Not transcribed: 1:00 to 10:00]", 60_000),
        ("After.", 700_000),
    ]
    assert seen[1].end == 67_000
    assert "NOTE Not transcribed from 1:00 to 10:00: The engine failed. (engine_failed)" in vtt(told, USUAL)


@given(st.floats(0, 359_990))
def test_times_are_to_the_millisecond_and_never_carry_over(seconds: float) -> None:
    [seen] = pysubs2.SSAFile.from_string(srt(transcript(segment(seconds, seconds + 1, "x")), USUAL), format_="srt")
    assert abs(seen.start / 1000 - seconds) <= 0.0005001


@pytest.mark.parametrize("text", ["a --> b", "00:00:01.000 --> 00:00:02.000", "NOTE x", "<v Anna>x</v>"])
def test_no_text_can_break_webvtt(text: str) -> None:
    [caption] = webvtt.from_buffer(StringIO(vtt(transcript(segment(0.0, 3.0, text)), USUAL))).captions
    assert squeezed(unescape(caption.text)) == squeezed(text)
