from pathlib import Path

import numpy as np
import pytest

from diarist.audio.decode import Damage, decode
from diarist.audio.notices import notices
from diarist.audio.track import open_track
from diarist.domain.audio import Notice
from made_audio import beep, claim_flac_samples, claim_wav_bytes, keep, noise, spoil, write_audio, write_video


def told(path: Path) -> tuple[Notice, ...]:
    damage = Damage()
    with open_track(path) as track:
        decoded = sum(len(block) for block in decode(track, damage)) / 16_000
        return notices(decoded, track.promised, damage)


def codes(path: Path) -> list[str]:
    return [notice.code for notice in told(path)]


def test_the_sentence_says_what_was_promised_and_what_is_there() -> None:
    (notice,) = notices(252.0, 600.0, Damage())
    assert notice.message == "The file says 10:00, but only 4:12 could be decoded: its end is missing."
    (notice,) = notices(60.0, 36_000.0, Damage())
    assert notice.code == "header_mismatch"
    assert "10:00:00" in notice.message
    assert "1:00" in notice.message


@pytest.mark.parametrize(("decoded", "promised"), [(59.5, 60.0), (3570.0, 3600.0), (61.0, 60.0), (60.0, None)])
def test_a_little_less_or_any_more_than_promised_is_no_matter(decoded: float, promised: float | None) -> None:
    assert notices(decoded, promised, Damage()) == ()


def test_damage_and_gaps_are_told_apart() -> None:
    assert [notice.code for notice in notices(9.0, 9.0, Damage(packets=3, missing=1.0))] == ["damaged_audio"]
    assert [notice.code for notice in notices(9.0, 9.0, Damage(missing=1.0))] == ["missing_audio"]
    assert notices(9.0, 9.0, Damage(packets=2, missing=0.2)) == ()


CONTAINERS = [
    (".mp3", "libmp3lame", {}, {}),
    (".mp3", "libmp3lame", {}, {"q": "9", "compression_level": "9"}),
    (".mp3", "libmp3lame", {"write_xing": "0"}, {}),
    (".mp3", "libmp3lame", {"write_xing": "0"}, {"b": "32000"}),
    (".m4a", "aac", {}, {}),
    (".mp4", "aac", {"movflags": "frag_keyframe+empty_moov"}, {}),
    (".aac", "aac", {}, {}),
    (".flac", "flac", {}, {}),
    (".ogg", "vorbis", {}, {}),
    (".ogg", "libopus", {}, {}),
    (".webm", "libopus", {}, {}),
    (".webm", "libopus", {"live": "1"}, {}),
    (".mkv", "pcm_s16le", {}, {}),
    (".aiff", "pcm_s16be", {}, {}),
    (".wav", "adpcm_ms", {}, {}),
    (".wav", "libmp3lame", {}, {}),
    (".ts", "aac", {}, {}),
    (".flv", "aac", {}, {}),
    (".wma", "wmav2", {}, {}),
]


@pytest.mark.parametrize(("suffix", "codec", "options", "codec_options"), CONTAINERS)
def test_a_whole_file_raises_no_alarm(
    tmp_path: Path, suffix: str, codec: str, options: dict[str, str], codec_options: dict[str, str]
) -> None:
    """Silence, then noise: where the bit rate varies, FFmpeg's estimates are far off."""
    rate = 48_000 if codec == "libopus" else 44_100
    made = np.concatenate((np.zeros(10 * rate, np.float32), noise(5.0, rate=rate)))
    path = write_audio(
        tmp_path / f"whole{suffix}",
        np.stack((made, made)),
        rate,
        codec,
        options=options,
        codec_options={"b": "96000"} | codec_options,
    )
    assert codes(path) == []


@pytest.mark.parametrize("order", [1, -1], ids=["silence first", "noise first"])
def test_the_estimate_of_an_mp3_of_varying_bit_rate_raises_no_alarm(tmp_path: Path, order: int) -> None:
    rate = 44_100
    parts = [np.zeros(15 * rate, np.float32), noise(15.0, rate=rate, dbfs=-10)][::order]
    options = {"write_xing": "0", "id3v2_version": "0"}
    quiet, loud = (
        write_audio(tmp_path / f"{n}.mp3", part, rate, "libmp3lame", options=options, codec_options={"b": bits}).read_bytes()
        for n, (part, bits) in enumerate(zip(parts, ("32000", "256000")[::order], strict=True))
    )
    path = tmp_path / "varying.mp3"
    path.write_bytes(quiet + loud)
    with open_track(path) as track:
        assert track.expected is not None
        assert abs(track.expected - 30) > 7, "else this test proves nothing"
    assert codes(path) == []


def test_an_mp3_with_tags_behind_it_raises_no_alarm(tmp_path: Path) -> None:
    path = write_audio(tmp_path / "a.mp3", beep(10.0, 44_100), 44_100, "libmp3lame")
    ape = b"APETAGEX" + bytes([0xD0, 7, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80]) + bytes(8)
    path.write_bytes(path.read_bytes() + ape + b"TAG" + bytes(125))
    assert codes(path) == []


def test_joined_mp3s_raise_no_alarm(tmp_path: Path) -> None:
    one = write_audio(tmp_path / "a.mp3", beep(20.0, 44_100), 44_100, "libmp3lame", codec_options={"b": "32000"})
    two = write_audio(tmp_path / "b.mp3", beep(20.0, 44_100), 44_100, "libmp3lame", codec_options={"b": "192000"})
    one.write_bytes(one.read_bytes() + two.read_bytes())
    assert codes(one) == []


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFFFFF, 100_000])
def test_a_wav_that_was_streamed_or_never_finished_raises_no_alarm(tmp_path: Path, size: int) -> None:
    path = write_audio(tmp_path / "a.wav", beep(10.0, 16_000), 16_000, "pcm_s16le")
    assert codes(claim_wav_bytes(path, size)) == []


def test_pictures_that_last_longer_than_the_sound_raise_no_alarm(tmp_path: Path) -> None:
    for suffix in (".mp4", ".mkv"):
        assert codes(write_video(tmp_path / f"film{suffix}", sound=beep(3.0, 48_000), seconds=20)) == []


@pytest.mark.parametrize(
    ("suffix", "codec", "options"),
    [
        (".mp3", "libmp3lame", {}),
        (".m4a", "aac", {"movflags": "faststart"}),
        (".flac", "flac", {}),
        (".wav", "pcm_s16le", {}),
        (".aiff", "pcm_s16be", {}),
        (".webm", "libopus", {}),
    ],
)
def test_a_file_that_was_cut_off_is_told(tmp_path: Path, suffix: str, codec: str, options: dict[str, str]) -> None:
    rate = 48_000
    path = write_audio(tmp_path / f"cut{suffix}", noise(20.0, rate=rate), rate, codec, options=options)
    assert codes(keep(path, 0.5)) == ["truncated_audio"]


def test_a_header_that_claims_ten_hours_is_told(tmp_path: Path) -> None:
    wav = write_audio(tmp_path / "a.wav", beep(60.0, 16_000), 16_000, "pcm_s16le")
    flac = write_audio(tmp_path / "a.flac", beep(60.0, 16_000), 16_000, "flac")
    for path in (claim_wav_bytes(wav, 36_000 * 32_000), claim_flac_samples(flac, 36_000 * 16_000)):
        (notice,) = told(path)
        assert notice.code == "header_mismatch"
        assert "10:00:00" in notice.message
        assert "1:00" in notice.message


def test_damage_in_the_middle_is_told(tmp_path: Path) -> None:
    path = write_audio(tmp_path / "a.m4a", beep(20.0, 44_100), 44_100, "aac")
    assert codes(spoil(path, 0.4, 0.5)) == ["damaged_audio"]


def test_sound_that_is_missing_in_the_middle_is_told(tmp_path: Path) -> None:
    path = write_audio(tmp_path / "a.ogg", noise(20.0, rate=44_100) * np.ones((2, 1), np.float32), 44_100, "vorbis")
    assert codes(spoil(path, 0.4, 0.6)) == ["missing_audio"]
