from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.audio.decode import Damage, decode
from diarist.audio.track import open_track
from diarist.errors import NoSamples, UndecodableAudio
from made_audio import beep, claim_wav_bytes, keep, noise, spoil, write_audio, write_video

RATES = (8000, 11_025, 22_050, 44_100, 48_000, 96_000)
PCM = ("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_alaw", "pcm_mulaw")
KINDS = [
    *((".wav", codec, 44_100, 2, 1) for codec in PCM),
    *((".wav", "pcm_s16le", rate, 1, 1) for rate in RATES),
    *((".wav", "pcm_s16le", 48_000, channels, 1) for channels in range(1, 9)),
    *((".mp3", "libmp3lame", rate, channels, 1152) for rate in RATES[:-1] for channels in (1, 2)),
    *((".m4a", "aac", rate, 2, 1024) for rate in RATES),
    *((".mp4", "aac", 48_000, channels, 1024) for channels in range(1, 7)),
    *((".flac", "flac", rate, 2, 1) for rate in RATES),
    *((".flac", "flac", 44_100, channels, 1) for channels in range(1, 9)),
    *((".ogg", "libopus", rate, 1, 960) for rate in (8000, 48_000)),
    *((".ogg", "libopus", 48_000, channels, 960) for channels in (2, 6)),
    *((".ogg", "vorbis", rate, 2, 1024) for rate in RATES),
    *((".webm", "libopus", 48_000, channels, 960) for channels in (1, 2)),
    *((".aiff", "pcm_s16be", rate, 2, 1) for rate in RATES),
    (".caf", "alac", 44_100, 2, 4096),
    (".amr", "libopencore_amrnb", 8000, 1, 160),
    (".aac", "aac", 44_100, 2, 2048),
    (".mka", "ac3", 48_000, 6, 1536),
]
"""Suffix, codec, Hz, channels, samples in a codec's frame."""


def decoded(path: Path, damage: Damage | None = None) -> NDArray[np.float32]:
    with open_track(path) as track:
        return np.concatenate(list(decode(track, damage)))


def power(samples: NDArray[np.float32], start: float, end: float) -> float:
    part = samples[round(start * 16_000) : round(end * 16_000)].astype(float)
    return float(part @ part) / len(part)


def loudest_hz(samples: NDArray[np.float32]) -> float:
    return float(np.abs(np.fft.rfft(samples)).argmax()) * 16_000 / len(samples)


@pytest.mark.parametrize(("suffix", "codec", "rate", "channels", "frame"), KINDS)
def test_a_tone_is_found_where_it_was_recorded(
    tmp_path: Path, suffix: str, codec: str, rate: int, channels: int, frame: int
) -> None:
    made = np.tile(beep(3.0, rate, start=1.0, end=2.0), (channels, 1))
    path = write_audio(tmp_path / f"tone{suffix}", made, rate, codec)

    damage = Damage()
    samples = decoded(path, damage)

    assert samples.dtype == np.float32
    assert len(samples) / 16_000 == pytest.approx(3.0, abs=frame / rate + 0.001)
    assert loudest_hz(samples) == pytest.approx(1000, abs=2)
    tone, before, after = power(samples, 1.1, 1.9), power(samples, 0.0, 0.9), power(samples, 2.1, 2.9)
    assert tone > 0.01
    assert max(before, after) < tone / 1000
    assert damage == Damage()


def test_a_voice_in_one_of_eight_channels_is_as_loud_as_it_was(tmp_path: Path) -> None:
    made = np.zeros((8, 48_000), np.float32)
    made[5] = beep(1.0, 48_000)
    samples = decoded(write_audio(tmp_path / "one.wav", made, 48_000, "pcm_s16le"))
    assert np.abs(samples).max() > 0.04


def test_a_microphone_wired_the_wrong_way_round_does_not_cancel_the_voice(tmp_path: Path) -> None:
    tone = beep(1.0, 44_100)
    samples = decoded(write_audio(tmp_path / "phase.wav", np.stack((tone, -tone)), 44_100, "pcm_s16le"))
    assert power(samples, 0.1, 0.9) == pytest.approx(0.08, rel=0.05)


def test_the_low_frequency_channel_does_not_thin_the_voice(tmp_path: Path) -> None:
    tone = beep(1.0, 48_000)
    made = np.stack((tone, tone, np.zeros_like(tone)))  # "2.1"
    samples = decoded(write_audio(tmp_path / "lfe.wav", made, 48_000, "pcm_s16le"))
    assert power(samples, 0.1, 0.9) == pytest.approx(0.08, rel=0.05)


def test_channels_at_full_scale_do_not_clip_when_mixed(tmp_path: Path) -> None:
    made = np.tile(beep(1.0, 48_000, amplitude=0.99), (6, 1))
    samples = decoded(write_audio(tmp_path / "loud.flac", made, 48_000, "flac"))
    assert np.abs(samples).max() <= 1.0


def test_not_a_number_in_a_float_file_spoils_only_itself(tmp_path: Path) -> None:
    made = np.tile(beep(1.0, 16_000), (2, 1))
    made[:, 100] = np.nan
    made[:, 200] = np.inf
    samples = decoded(write_audio(tmp_path / "nan.wav", made, 16_000, "pcm_f32le"))
    assert np.isfinite(samples).all()
    assert power(samples, 0.1, 0.9) == pytest.approx(0.08, rel=0.01)


def test_the_sound_track_of_a_video_is_read(tmp_path: Path) -> None:
    path = write_video(tmp_path / "film.mp4", sound=beep(3.0, 48_000, start=1.0, end=2.0))
    samples = decoded(path)
    assert len(samples) / 16_000 == pytest.approx(3.0, abs=0.03)
    assert power(samples, 1.1, 1.9) > 100 * power(samples, 0.0, 0.9)


def test_blocks_are_neither_tiny_nor_huge(tmp_path: Path) -> None:
    path = write_audio(tmp_path / "long.mp3", beep(60.0, 44_100), 44_100, "libmp3lame")
    with open_track(path) as track:
        sizes = [len(block) / 16_000 for block in decode(track)]
    assert len(sizes) < 60
    assert max(sizes) < 10


@pytest.mark.parametrize(("suffix", "codec"), [(".mp3", "libmp3lame"), (".flac", "flac"), (".ogg", "vorbis"), (".aac", "aac")])
def test_a_file_that_was_cut_off_yields_what_is_there(tmp_path: Path, suffix: str, codec: str) -> None:
    made = np.tile(beep(20.0, 44_100), (2, 1))
    path = keep(write_audio(tmp_path / f"cut{suffix}", made, 44_100, codec, codec_options={"b": "128000"}), 0.5)
    damage = Damage()
    assert len(decoded(path, damage)) / 16_000 == pytest.approx(10, abs=1.5)
    assert damage.packets == 0, "the last piece is no damage in the middle"


def test_a_cut_off_m4a_with_its_index_in_front_yields_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "fast.m4a"
    write_audio(path, beep(20.0, 44_100), 44_100, "aac", options={"movflags": "faststart"})
    assert len(decoded(keep(path, 0.5))) / 16_000 == pytest.approx(10, abs=1.5)


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [(".m4a", "aac"), (".flac", "flac"), (".ogg", "libopus"), (".ogg", "vorbis"), (".webm", "libopus"), (".caf", "alac")],
)
def test_damage_in_the_middle_is_stepped_over_and_times_stay_true(tmp_path: Path, suffix: str, codec: str) -> None:
    rate = 48_000 if codec == "libopus" else 44_100
    made = np.tile(beep(20.0, rate, start=18.0, end=19.0) + noise(20.0, rate=rate), (2, 1))
    path = spoil(write_audio(tmp_path / f"spoilt{suffix}", made, rate, codec), 0.4, 0.5)
    damage = Damage()
    samples = decoded(path, damage)
    assert len(samples) / 16_000 == pytest.approx(20.0, abs=0.2)
    assert power(samples, 18.1, 18.9) > 0.02
    assert damage.packets or damage.missing > 0.5


def test_damaged_pieces_between_sound_ones_are_counted(tmp_path: Path) -> None:
    path = write_audio(tmp_path / "spoilt.m4a", beep(20.0, 44_100), 44_100, "aac")
    damage = Damage()
    decoded(spoil(path, 0.4, 0.5), damage)
    assert damage.packets == pytest.approx(2.0 * 44_100 / 1024, rel=0.2)


def test_a_pause_of_the_recorder_in_the_timestamps_becomes_silence(tmp_path: Path) -> None:
    path = stamped(tmp_path / "paused.webm", [(0.0, 2.0), (5.0, 7.0)])
    damage = Damage()
    samples = decoded(path, damage)
    assert len(samples) / 16_000 == pytest.approx(7.0, abs=0.1)
    assert damage.missing == pytest.approx(3.0, abs=0.1)
    assert power(samples, 2.2, 4.8) < 1e-6
    assert power(samples, 5.2, 6.8) > 0.05


def test_a_clock_that_jumps_by_hours_or_back_adds_no_silence(tmp_path: Path) -> None:
    path = stamped(tmp_path / "broken.mka", [(0.0, 2.0), (40_000.0, 40_002.0)])
    assert len(decoded(path)) / 16_000 == pytest.approx(4.0, abs=0.1)


def test_a_sound_track_that_starts_after_the_pictures_keeps_its_place(tmp_path: Path) -> None:
    path = tmp_path / "late.mp4"
    with av.open(path, "w") as file:
        pictures = file.add_stream("mpeg4", rate=5, width=32, height=32, pix_fmt="yuv420p")
        sound = file.add_stream("aac", rate=48_000, layout="mono")
        for _ in range(25):
            file.mux(pictures.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")))
        file.mux(pictures.encode(None))
        frame = av.AudioFrame.from_ndarray(beep(3.0, 48_000)[np.newaxis], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 48_000, 2 * 48_000
        file.mux(sound.encode(frame))
        file.mux(sound.encode(None))
    samples = decoded(path)
    assert len(samples) / 16_000 == pytest.approx(5.0, abs=0.1)
    assert power(samples, 0.0, 1.9) < 1e-6


def test_a_recording_whose_format_changes_in_the_middle_goes_on(tmp_path: Path) -> None:
    first = write_audio(
        tmp_path / "one.mp3", np.tile(beep(5.0, 44_100), (2, 1)), 44_100, "libmp3lame", options={"write_xing": "0"}
    )
    second = write_audio(tmp_path / "two.mp3", beep(5.0, 24_000), 24_000, "libmp3lame", options={"write_xing": "0"})
    both = tmp_path / "both.mp3"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    samples = decoded(both)
    assert len(samples) / 16_000 == pytest.approx(10.0, abs=0.3)
    assert loudest_hz(samples[:64_000]) == pytest.approx(1000, abs=3)
    assert loudest_hz(samples[-64_000:]) == pytest.approx(1000, abs=3)


@pytest.mark.parametrize("claim", [0, 0xFFFFFFFF, 0x7FFFFFFF, 1_152_000_000, 16_000])
def test_a_wav_with_a_wrong_size_in_its_header_is_read_to_its_end(tmp_path: Path, claim: int) -> None:
    path = write_audio(tmp_path / "wrong.wav", beep(10.0, 16_000), 16_000, "pcm_s16le")
    assert len(decoded(claim_wav_bytes(path, claim))) == 160_000


def test_a_stream_without_a_sample_is_told_from_one_that_cannot_be_decoded(tmp_path: Path) -> None:
    silent = claim_wav_bytes(write_audio(tmp_path / "none.wav", beep(1.0, 16_000), 16_000, "pcm_s16le"), 0)
    silent.write_bytes(silent.read_bytes()[: silent.read_bytes().index(b"data") + 8])
    with pytest.raises(NoSamples):
        decoded(silent)
    garbage = write_audio(tmp_path / "bad.m4a", beep(5.0, 44_100), 44_100, "aac", options={"movflags": "faststart"})
    data = garbage.read_bytes()
    start = data.index(b"mdat") + 4
    garbage.write_bytes(data[:start] + b"\xff" * (len(data) - start))
    with pytest.raises(UndecodableAudio):
        decoded(garbage)


def stamped(path: Path, parts: list[tuple[float, float]]) -> Path:
    """Opus in a container that keeps timestamps, with sound in these parts of its clock only."""
    with av.open(path, "w", format="matroska") as file:
        stream = file.add_stream("libopus", rate=48_000, layout="mono")
        for packet in packets(stream, parts):
            file.mux(packet)
    return path


def packets(stream: av.AudioStream, parts: list[tuple[float, float]]) -> Iterator[av.Packet[av.AudioStream]]:
    total = sum(end - start for start, end in parts)
    frame = av.AudioFrame.from_ndarray(beep(total, 48_000)[np.newaxis], format="fltp", layout="mono")
    frame.sample_rate, frame.pts = 48_000, 0
    for packet in (*stream.encode(frame), *stream.encode(None)):
        assert packet.pts is not None
        seconds = float(packet.pts * packet.time_base)
        for start, end in parts:
            if seconds < end - start:
                break
            seconds -= end - start
        packet.pts = packet.dts = round((start + seconds) / packet.time_base)
        yield packet
