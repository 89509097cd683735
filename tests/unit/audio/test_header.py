from pathlib import Path

import pytest

from diarist.audio.header import Header, read_header
from made_audio import beep, claim_wav_bytes, keep, write_audio


def wav(path: Path, seconds: float = 4.0) -> Path:
    return write_audio(path, beep(seconds, 16_000), 16_000, "pcm_s16le")


def mp3(path: Path, **options: str) -> Path:
    return write_audio(path, beep(4.0, 44_100), 44_100, "libmp3lame", options=options)


def test_a_wav_states_its_length_even_when_its_end_is_missing(tmp_path: Path) -> None:
    assert read_header(keep(wav(tmp_path / "a.wav"), 0.5)) == Header(states_length=True, seconds=4.0)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0xFFFF_FFF0, 0x7FFF_FFFF, 0x8000_0000, 0x7FFF_F000])
def test_what_recorders_write_before_they_know_is_no_statement(tmp_path: Path, size: int) -> None:
    assert read_header(claim_wav_bytes(wav(tmp_path / "a.wav"), size)) == Header()


def test_a_wav_that_goes_on_behind_its_stated_end_is_read_to_the_end_of_the_file(tmp_path: Path) -> None:
    assert read_header(claim_wav_bytes(wav(tmp_path / "a.wav"), 32_000)).ignore_length


def test_what_recorders_append_to_a_wav_is_no_sound(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav")
    path.write_bytes(path.read_bytes() + b"LIST" + (70_000).to_bytes(4, "little") + bytes(70_000))
    assert read_header(path) == Header(states_length=True, seconds=4.0)


def test_a_frame_count_in_an_mp3_is_a_statement_and_none_is_none(tmp_path: Path) -> None:
    assert read_header(mp3(tmp_path / "a.mp3")).states_length
    assert not read_header(mp3(tmp_path / "b.mp3", write_xing="0")).states_length


def test_a_frame_count_of_the_first_of_two_joined_mp3s_is_no_statement(tmp_path: Path) -> None:
    path = mp3(tmp_path / "a.mp3")
    path.write_bytes(path.read_bytes() * 2)
    assert not read_header(path).states_length


def test_the_title_of_an_mp3_is_skipped_however_long(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    sound = mp3(tmp_path / "b.mp3", id3v2_version="0").read_bytes()
    picture = 300_000
    size = bytes(picture >> shift & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\x04\0\0" + size + bytes(picture) + sound)
    assert read_header(path).states_length


@pytest.mark.parametrize(
    "content", [b"", b"R", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0", b"RIFF\0\0\0\0WAVEdata", b"ID3"]
)
def test_a_header_that_ends_too_early_is_left_to_ffmpeg(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    assert read_header(path).seconds is None
