"""`diarist evaluate`: recordings with references, heard apart from the diary."""

import json
from pathlib import Path

import pytest

from command_line import CommandLine
from made_audio import noise, write_audio
from spoken import SAMPLE_RATE, speak

PHRASES = ("The kettle is broken again.", "I have asked Martin to bring ninety two apples.", "Nobody called.")


def add(folder: Path, name: str, said: str) -> None:
    """A recording of our voice, and a reference."""
    speech = speak("One small stone.", 0.4)
    write_audio(folder / f"{name}.wav", speech.samples, speech.sample_rate, "pcm_s16le")
    (folder / f"{name}.txt").write_text(said)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    return folder


@pytest.mark.slow
def test_recordings_are_measured_and_the_diary_is_left_alone(tmp_path: Path, folder: Path) -> None:
    add(folder, "right", "One small stone.")
    add(folder, "wrong", "One stone fell down.")
    write_audio(folder / "silence.wav", noise(3.0, dbfs=-60), 16_000, "pcm_s16le")
    (folder / "silence.txt").touch()
    diary = CommandLine(tmp_path, "say=one small stone")
    ended = diary.call("evaluate", folder, "--json")
    assert ended.status == 0
    assert not diary.data_dir.exists()
    (found,) = ended.json["evaluations"]
    by_name = {one["name"]: one for one in found["recordings"]}
    assert by_name["right.wav"]["word_error_rate"] == 0
    wrong = by_name["wrong.wav"]
    # "small" is too many; of "fell" and "down" neither was heard.
    assert [wrong[count] for count in ("words", "substitutions", "deletions", "insertions")] == [4, 0, 2, 1]
    assert (by_name["silence.wav"]["words"], by_name["silence.wav"]["words_over_silence"]) == (0, 0)
    assert found["total"]["word_error_rate"] == pytest.approx(3 / 7, abs=1e-5)
    assert found["total"]["duration"] == pytest.approx(sum(one["duration"] for one in found["recordings"]), abs=0.01)
    assert (found["engine"], found["peak_memory"] > 10_000_000) == ("scripted", True)


@pytest.mark.slow
def test_engines_stand_side_by_side(tmp_path: Path, folder: Path) -> None:
    add(folder, "stone", "One small stone.")
    diary = CommandLine(tmp_path, "say=one small stone")
    shown = diary.call("evaluate", folder, "--against", "scripted:say=one small bone", "--beam-size", "2").out
    rows = [line.split() for line in shown.splitlines()]
    assert ["word", "error", "rate", "0.0", "%", "33.3", "%"] in rows
    assert any(row[:3] == ["stone.wav", "0.0", "%"] and row[4:6] == ["33.3", "%"] for row in rows)
    assert shown.count("scripted counting beam 2") == 6


@pytest.mark.slow
def test_a_recording_that_cannot_be_heard_does_not_stop_the_others(tmp_path: Path, folder: Path) -> None:
    add(folder, "stone", "One small stone.")
    (folder / "broken.mp3").write_text("no sound at all")
    (folder / "broken.txt").write_text("something")
    ended = CommandLine(tmp_path, "say=one small stone").call("evaluate", folder)
    assert ended.status == 13
    assert "broken.mp3" in ended.err
    assert "stone.wav" in ended.out


@pytest.mark.parametrize(
    ("files", "arguments", "status", "said"),
    [
        (None, (), 20, "there is no folder"),
        ({}, (), 10, "there is no recording"),
        ({"a.mp3": b"x"}, (), 10, "has a reference beside it"),
        ({"a.mp3": b"x", "a.json": b"{"}, (), 16, "a.json"),
        ({"a.mp3": b"x", "a.txt": b"x"}, ("--against", "gramophone"), 50, "no engine is called 'gramophone'"),
        ({"a.mp3": b"x", "a.txt": b"x"}, ("--beam-size", "99"), 2, "--beam-size"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    tmp_path: Path, files: dict[str, bytes] | None, arguments: tuple[str, ...], status: int, said: str
) -> None:
    folder = tmp_path / "mine"
    if files is not None:
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
    ended = CommandLine(tmp_path).call("evaluate", folder, *arguments)
    assert ended.status == status
    assert said in ended.err


@pytest.mark.slow
def test_an_engine_that_cannot_be_loaded_is_named(tmp_path: Path, folder: Path) -> None:
    add(folder, "stone", "One small stone.")
    ended = CommandLine(tmp_path, "nonsense").call("evaluate", folder)
    assert ended.status == 30
    assert "nonsense" in ended.err


@pytest.mark.slow
def test_whisper_hears_the_words_where_they_were_said(tmp_path: Path, folder: Path) -> None:
    speech = speak(PHRASES, (0.5, 2.5, 0.8), seed=11)
    write_audio(folder / "memo.wav", speech.samples, SAMPLE_RATE, "pcm_s16le")
    said = [{"word": word.text, "start": word.start, "end": word.end} for phrase in speech.phrases for word in phrase.words]
    (folder / "memo.json").write_text(json.dumps(said))
    diary = CommandLine(tmp_path, ENGINE__NAME="faster-whisper", ENGINE__MODEL="tiny.en")
    (found,) = diary.call("evaluate", folder, "--json").json["evaluations"]
    total = found["total"]
    assert total["word_error_rate"] <= 0.07
    assert total["word_times"]["words"] >= 14
    assert total["word_times"]["median"] <= 0.06
    assert total["word_times"]["percentile_95"] <= 0.25
    assert total["speed"] > 0.5
    assert found["model"] == "tiny.en"
    assert 50e6 < found["peak_memory"] < 2e9
