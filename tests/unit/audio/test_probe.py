import os
from contextlib import chdir
from pathlib import Path

import numpy as np
import pytest

from diarist.audio.probe import probe
from diarist.errors import (
    DiaristError,
    Empty,
    NoAudioTrack,
    NoSamples,
    UndecodableAudio,
    UnreadableFile,
    UnsupportedAudio,
)
from made_audio import beep, claim_flac_samples, claim_wav_bytes, keep, write_audio, write_video

TEXT = b"Dear diary, this is not sound at all. " * 99


def refusal(path: Path) -> type[DiaristError]:
    with pytest.raises(DiaristError) as caught:
        probe(path)
    return type(caught.value)


def test_what_the_container_says_is_reported(tmp_path: Path) -> None:
    info = probe(write_audio(tmp_path / "a.m4a", np.tile(beep(2.0, 44_100), (2, 1)), 44_100, "aac"))
    assert "m4a" in info.container.split(",")
    assert (info.codec, info.sample_rate, info.channels) == ("aac", 44_100, 2)
    assert info.declared_duration == pytest.approx(2.0, abs=0.05)


def test_an_mp3_is_called_mp3_whichever_decoder_reads_it(tmp_path: Path) -> None:
    assert probe(write_audio(tmp_path / "a.mp3", beep(2.0, 44_100), 44_100, "libmp3lame")).codec == "mp3"


def test_a_live_recording_declares_no_duration(tmp_path: Path) -> None:
    path = write_audio(tmp_path / "live.webm", beep(2.0, 48_000), 48_000, "libopus", options={"live": "1"})
    assert probe(path).declared_duration is None


def test_a_wav_declares_what_its_header_claims(tmp_path: Path) -> None:
    path = claim_wav_bytes(write_audio(tmp_path / "a.wav", beep(2.0, 16_000), 16_000, "pcm_s16le"), 36_000 * 32_000)
    assert probe(path).declared_duration == 36_000


def test_a_flac_declares_what_its_header_claims(tmp_path: Path) -> None:
    path = claim_flac_samples(write_audio(tmp_path / "a.flac", beep(2.0, 16_000), 16_000, "flac"), 36_000 * 16_000)
    assert probe(path).declared_duration == 36_000


@pytest.mark.parametrize("name", ["a b ü.wav", "🎙️.wav", "line\nbreak.wav", "%03d.wav", "http:.wav", "-.wav"])
def test_no_name_is_too_odd(tmp_path: Path, name: str) -> None:
    assert probe(write_plain(tmp_path / name)).sample_rate == 16_000


def test_a_name_with_a_colon_is_no_address(tmp_path: Path) -> None:
    write_plain(tmp_path / "10:30 memo.wav")
    with chdir(tmp_path):
        assert probe(Path("10:30 memo.wav")).sample_rate == 16_000


def test_a_name_that_is_not_utf8_is_no_obstacle(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.wav"))
    write_plain(tmp_path / "a.wav").rename(odd)
    assert probe(odd).sample_rate == 16_000


def test_a_title_in_an_old_encoding_is_no_obstacle(tmp_path: Path) -> None:
    path = write_plain(tmp_path / "titled.wav")
    plain = path.read_bytes()
    title = b"LIST" + (16).to_bytes(4, "little") + b"INFOINAM" + (4).to_bytes(4, "little") + b"\xe4\xf6\xfc\0"
    path.write_bytes(plain[:36] + title + plain[36:])
    assert probe(path).codec == "pcm_s16le"


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.touch()
    assert refusal(path) is Empty


def test_what_cannot_be_read(tmp_path: Path) -> None:
    assert refusal(tmp_path / "missing.mp3") is UnreadableFile
    assert refusal(tmp_path) is UnreadableFile
    assert refusal(tmp_path / "nul\0.mp3") is UnreadableFile


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    path = write_plain(tmp_path / "a.wav")
    path.chmod(0)
    assert refusal(path) is UnreadableFile


@pytest.mark.parametrize("name", ["a.mp3", "a.wav", "a.m4a", "a.ogg", "a.txt", "no_suffix"])
@pytest.mark.parametrize(
    "content",
    [
        TEXT,
        b"x",
        TEXT.decode().encode("utf-16"),
        b"<!DOCTYPE html><p>404</p>",
        b"%PDF-1.7\n" + TEXT,
        b"PK\x03\x04" + TEXT,
        b"\x89PNG\r\n\x1a\n" + TEXT,
        bytes(50_000),
        np.random.default_rng(5).bytes(50_000),
    ],
    ids=["text", "letter", "utf16", "html", "pdf", "zip", "png", "zeros", "noise"],
)
def test_what_is_not_sound_is_unsupported_whatever_it_is_called(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path) is UnsupportedAudio


@pytest.mark.parametrize("name", ["list.mp3", "list.m3u8", "list"])
@pytest.mark.parametrize(
    "listing",
    ["#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n", "ffconcat version 1.0\nfile '{}'\n"],
    ids=["hls", "concat"],
)
def test_a_playlist_opens_no_other_file(tmp_path: Path, name: str, listing: str) -> None:
    other = write_audio(tmp_path / "secret.mp3", beep(9.0, 44_100), 44_100, "libmp3lame")
    path = tmp_path / name
    path.write_text(listing.format(other))
    assert refusal(path) is UnsupportedAudio


def test_a_video_without_sound(tmp_path: Path) -> None:
    assert refusal(write_video(tmp_path / "silent.mp4", sound=None)) is NoAudioTrack


@pytest.mark.parametrize(("offset", "value"), [(24, 1_124_117_572), (24, 0), (22, 0), (22, 1000)])
def test_a_header_of_nonsense_takes_no_memory(tmp_path: Path, offset: int, value: int) -> None:
    path = write_plain(tmp_path / "a.wav")
    data = bytearray(path.read_bytes())
    size = 4 if offset == 24 else 2
    data[offset : offset + size] = value.to_bytes(size, "little")
    path.write_bytes(data)
    assert issubclass(refusal(path), UnsupportedAudio | UndecodableAudio)


@pytest.mark.parametrize(
    ("suffix", "codec"), [(".wav", "pcm_s16le"), (".flac", "flac"), (".mp3", "libmp3lame"), (".m4a", "aac"), (".ogg", "libopus")]
)
def test_a_recording_of_zero_length(tmp_path: Path, suffix: str, codec: str) -> None:
    assert refusal(write_audio(tmp_path / f"none{suffix}", beep(0.0, 48_000), 48_000, codec)) is NoSamples


def test_an_mp3_that_is_only_a_title(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"ID3\x04\0\0\0\0\x07\x76" + bytes(7 * 128 + 0x76))
    assert refusal(path) is NoSamples


def test_an_m4a_whose_index_was_cut_off_says_what_to_do(tmp_path: Path) -> None:
    path = keep(write_audio(tmp_path / "a.m4a", beep(5.0, 44_100), 44_100, "aac"), 0.7)
    with pytest.raises(UndecodableAudio) as caught:
        probe(path)
    assert "did not finish writing" in caught.value.advice


def test_a_sound_track_of_garbage(tmp_path: Path) -> None:
    path = write_audio(tmp_path / "a.m4a", beep(5.0, 44_100), 44_100, "aac", options={"movflags": "faststart"})
    data = path.read_bytes()
    start = data.index(b"mdat") + 4
    path.write_bytes(data[:start] + b"\xff" * (len(data) - start))
    assert refusal(path) is UndecodableAudio


def write_plain(path: Path) -> Path:
    plain = write_audio(path.with_name("plain.tmp"), beep(1.0, 16_000), 16_000, "pcm_s16le", container="wav")
    return plain.rename(path)
