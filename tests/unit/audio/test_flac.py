from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diarist.audio.flac import encode_flac, flac_samples, from_pcm, to_pcm
from diarist.errors import UndecodableAudio
from made_audio import claim_flac_samples, noise


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 70_000), st.integers(0, 2**32 - 1))
def test_every_sample_comes_back(count: int, seed: int) -> None:
    pcm = np.random.default_rng(seed).integers(-32_768, 32_768, count).astype(np.int16)
    assert np.array_equal(flac_samples(encode_flac(pcm)), from_pcm(pcm))


def test_five_minutes_come_back_and_take_less_room() -> None:
    pcm = to_pcm(noise(300.0, colour=1))
    data = encode_flac(pcm)
    assert np.array_equal(to_pcm(flac_samples(data)), pcm)
    assert len(data) < 0.8 * pcm.nbytes


def test_what_is_too_loud_is_clipped_and_not_wrapped_round() -> None:
    assert to_pcm(np.array([1.0, 1.5, -1.0, -1.5, 0.0], np.float32)).tolist() == [32_767, 32_767, -32_768, -32_768, 0]


def test_others_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "chunk.flac"
    path.write_bytes(encode_flac(np.zeros(16_000, np.int16)))
    with av.open(path) as file:
        stream = file.streams.audio[0]
        assert (stream.codec_context.sample_rate, stream.codec_context.channels, stream.duration) == (16_000, 1, 16_000)


@pytest.mark.parametrize("data", [b"", b"no flac", b"fLaC" + bytes(100)])
def test_what_is_no_flac_is_refused(data: bytes) -> None:
    with pytest.raises(UndecodableAudio):
        flac_samples(data)


def test_a_chunk_in_which_samples_are_missing_is_refused_and_not_shortened(tmp_path: Path) -> None:
    data = encode_flac(to_pcm(noise(10.0)))
    with pytest.raises(UndecodableAudio):
        flac_samples(data[: len(data) // 2])
    path = tmp_path / "chunk.flac"
    path.write_bytes(data)
    with pytest.raises(UndecodableAudio):
        flac_samples(claim_flac_samples(path, 160_001).read_bytes())
