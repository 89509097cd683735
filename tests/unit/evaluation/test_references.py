import json
from collections.abc import Callable
from pathlib import Path

import pytest

from diarist.domain.transcript import Segment, Transcript, Word
from diarist.errors import InvalidInput, NotFound, UnreadableFile
from diarist.evaluation.references import find_samples, read_reference
from diarist.transcription.formats.form import USUAL
from diarist.transcription.formats.json_document import json_file
from diarist.transcription.formats.subtitles import srt, vtt

SUBRIP = "1\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i>\nthere, you.\n\n2\n01:00:03,250 --> 01:00:04,000\nWell.\n"
WEBVTT = (
    "WEBVTT - ours\n\nNOTE nothing\n\nfirst\n00:01.000 --> 00:02.500 align:start\n<v Anna>Hello there, you.</v>\n\n"
    "01:00:03.250 --> 01:00:04.000\nWell.\n"
)
CTM = ";; ours\nmemo 1 1.0 0.5 Hello\nmemo 1 1.5 0.5 there, 0.99\n\n"


def times(path: Path) -> list[tuple[str, float | None, float | None]]:
    return [(word.text, word.start, word.end) for word in read_reference(path)]


@pytest.mark.parametrize(("name", "text"), [("a.srt", SUBRIP), ("a.vtt", WEBVTT), ("a.srt", SUBRIP.replace("\n", "\r\n"))])
def test_cues_time_their_first_and_last_word(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_bytes(text.encode("utf-8-sig"))
    assert times(tmp_path / name) == [
        ("Hello", 1.0, None), ("there,", None, None), ("you.", None, 2.5), ("Well.", 3603.25, 3604.0)
    ]  # fmt: skip


def test_word_marks_time_each_word(tmp_path: Path) -> None:
    (tmp_path / "a.ctm").write_text(CTM)
    assert times(tmp_path / "a.ctm") == [("Hello", 1.0, 1.5), ("there,", 1.5, 2.0)]


@pytest.mark.parametrize(
    "document",
    [
        [{"word": " Hello", "start": 1, "end": 1.5}, {"text": "there,", "start": 1.5, "end": 2.0, "score": 0.9}],
        {"words": [{"text": "Hello", "start": 1.0, "end": 1.5}, {"text": "there,", "start": 1.5, "end": 2.0}]},
        {"segments": [{"text": "x", "words": [{"word": "Hello", "start": 1.0, "end": 1.5}]},
                      {"text": "there,", "start": 1.5, "end": 2.0, "words": []}]},
    ],
)  # fmt: skip
def test_json_of_several_makers(tmp_path: Path, document: object) -> None:
    (tmp_path / "a.json").write_text(json.dumps(document))
    assert times(tmp_path / "a.json") == [("Hello", 1.0, 1.5), ("there,", 1.5, 2.0)]


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.json", json_file), ("a.vtt", lambda one: vtt(one, USUAL)), ("a.srt", lambda one: srt(one, USUAL))],
)
def test_what_we_write_can_be_a_reference(tmp_path: Path, name: str, write: Callable[[Transcript], str]) -> None:
    words = tuple(Word(start=start, end=start + 0.5, text=text, probability=1.0) for start, text in ((1.0, "One"), (2.0, "two.")))
    segment = Segment(start=1.0, end=2.5, text="One two.", probability=1.0, words=words)
    transcript = Transcript(
        duration=3.0, language="en", language_probability=1.0, engine="scripted", model="none", segments=(segment,)
    )
    (tmp_path / name).write_text(write(transcript))
    assert next((word.text, word.start) for word in read_reference(tmp_path / name)) == ("One", 1.0)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b"{"), ("a.json", b"{}"), ("a.json", b'[{"start": 1.0}]'), ("a.json", b'[{"word": "a", "start": "1"}]'),
        ("a.json", b'[{"word": "a", "start": true}]'), ("a.json", b'{"segments": [1]}'), ("a.json", b'"text"'),
        ("a.ctm", b"memo 1 1.0"), ("a.ctm", b"memo 1 x 1 word"), ("a.srt", b"Hello there"), ("a.txt", b"\xff\xfe\x00"),
    ],
)  # fmt: skip
def test_what_is_no_reference_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile, match=name):
        read_reference(tmp_path / name)


def test_recordings_are_found_with_what_tells_most_of_times(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z.wav", "b/two.words.mp3", "alone.flac", ".hidden.wav"):
        (tmp_path / name).touch()
    (tmp_path / "z.txt").write_text("plain words")
    (tmp_path / "z.json").write_text('[{"word": "timed", "start": 0, "end": 1}]')
    (tmp_path / "b" / "two.words.txt").touch()
    (tmp_path / "orphan.txt").write_text("words without sound")
    found = find_samples(tmp_path)
    assert [(sample.name, [word.text for word in sample.said]) for sample in found] == [
        ("b/two.words.mp3", []),
        ("z.wav", ["timed"]),
    ]


def test_a_folder_without_anything_to_compare_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        find_samples(tmp_path / "nowhere")
    with pytest.raises(InvalidInput, match="no recording in"):
        find_samples(tmp_path)
    (tmp_path / "a.wav").touch()
    with pytest.raises(InvalidInput, match="has a reference"):
        find_samples(tmp_path)
