from __future__ import annotations

import hashlib
import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest

from diarist.audio.copying import copy
from diarist.audio.process import AudioProcess
from diarist.domain.archive import ArchiveFormat, Copied, Kept
from made_audio import beep, keep, noise, write_audio, write_video

FLAC, OPUS = ArchiveFormat.FLAC, ArchiveFormat.OPUS


def copied(source: Path, kind: ArchiveFormat, expected: float) -> Copied | Kept:
    *_, last = copy(source, source.with_name("copy"), kind, expected)
    assert not isinstance(last, float)
    return last


def samples(path: Path) -> str:
    digest = hashlib.sha256()
    with av.open(path) as file:
        for frame in file.decode(audio=0):
            values = frame.to_ndarray()
            digest.update(np.ascontiguousarray(values.T if frame.format.is_planar else values).tobytes())
    return digest.hexdigest()


@pytest.mark.parametrize(
    ("codec", "suffix", "channels", "rate"),
    [("pcm_s16le", "wav", 1, 16_000), ("pcm_s16le", "wav", 2, 44_100), ("pcm_s24le", "wav", 2, 48_000),
     ("pcm_s16be", "aiff", 6, 48_000)],
)  # fmt: skip
def test_flac_holds_the_very_samples(tmp_path: Path, codec: str, suffix: str, channels: int, rate: int) -> None:
    source = write_audio(tmp_path / f"a.{suffix}", np.stack([beep(3.0, rate, amplitude=0.2)] * channels), rate, codec)
    outcome = copied(source, FLAC, 3.0)
    assert outcome == Copied(
        container="flac", codec="flac", sample_rate=rate, channels=channels, size_bytes=(tmp_path / "copy").stat().st_size
    )
    assert samples(source) == samples(tmp_path / "copy")


@pytest.mark.parametrize(
    ("codec", "suffix", "channels"), [("pcm_s16le", "wav", 1), ("pcm_f32le", "wav", 2), ("mp3", "mp3", 1), ("flac", "flac", 2)]
)
def test_opus_lasts_as_long_in_a_fraction_of_the_bytes(tmp_path: Path, codec: str, suffix: str, channels: int) -> None:
    source = write_audio(tmp_path / f"a.{suffix}", np.stack([noise(8.0, rate=44_100)] * channels), 44_100, codec)
    outcome = copied(source, OPUS, 8.0)
    assert isinstance(outcome, Copied)
    assert (outcome.container, outcome.codec, outcome.sample_rate, outcome.channels) == ("ogg", "opus", 48_000, channels)
    assert outcome.size_bytes < source.stat().st_size
    with av.open(tmp_path / "copy") as file:
        assert abs(sum(frame.samples for frame in file.decode(audio=0)) / 48_000 - 8.0) < 0.1


@pytest.mark.parametrize(
    ("codec", "suffix", "kind", "reason"),
    [("pcm_f32le", "wav", FLAC, "whole numbers"), ("mp3", "mp3", FLAC, "whole numbers"), ("pcm_alaw", "wav", FLAC, "not smaller"),
     ("flac", "flac", FLAC, "not smaller"), ("libopus", "ogg", OPUS, "not smaller"), ("pcm_s32le", "wav", FLAC, "samples")],
)  # fmt: skip
def test_the_original_is_kept_where_a_copy_would_be_worse(
    tmp_path: Path, codec: str, suffix: str, kind: ArchiveFormat, reason: str
) -> None:
    options = {"b": "8k"} if codec == "libopus" else {}
    source = write_audio(tmp_path / f"a.{suffix}", noise(4.0, rate=48_000), 48_000, codec, codec_options=options)
    outcome = copied(source, kind, 4.0)
    assert isinstance(outcome, Kept)
    assert reason in outcome.reason


def test_a_copy_on_another_clock_is_refused(tmp_path: Path) -> None:
    source = write_audio(tmp_path / "a.wav", noise(4.0), 16_000, "pcm_s16le")
    for expected in (3.8, 4.2):
        outcome = copied(source, OPUS, expected)
        assert isinstance(outcome, Kept)
        assert "instead of" in outcome.reason


def test_what_is_damaged_films_and_many_channels_are_kept(tmp_path: Path) -> None:
    damaged = keep(write_audio(tmp_path / "a.flac", noise(8.0), 16_000, "flac"), 0.5)
    film = write_video(tmp_path / "a.mp4", sound=beep(3.0, 48_000))
    surround = write_audio(tmp_path / "b.wav", np.stack([noise(2.0)] * 6), 16_000, "pcm_s16le")
    assert [type(copied(path, OPUS, seconds)) for path, seconds in ((damaged, 8.0), (film, 3.0), (surround, 2.0))] == [Kept] * 3


def test_memory_does_not_grow_with_the_recording(tmp_path: Path) -> None:
    peaks = []
    for seconds in (20.0, 240.0):
        source = write_audio(tmp_path / "a.wav", noise(seconds), 16_000, "pcm_s16le")
        tracemalloc.start()
        assert isinstance(copied(source, OPUS, seconds), Copied)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_000_000


async def test_it_is_done_in_a_child(tmp_path: Path) -> None:
    source = write_audio(tmp_path / "a.wav", noise(4.0), 16_000, "pcm_s16le")
    audio = AudioProcess()
    try:
        assert isinstance(await audio.copy(source, tmp_path / "copy", OPUS, 4.0), Copied)
        assert isinstance(await audio.copy(source, tmp_path / "copy", OPUS, 9.0), Kept)
    finally:
        await audio.close()
