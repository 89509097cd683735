"""A recording with a voice in each channel, cut and laid out; others are as if there were no such thing."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.audio.flac import flac_samples
from diarist.audio.plan import plan
from diarist.domain.audio import PlannedChunk, PlanSummary
from diarist.domain.channels import layout
from made_audio import write_audio
from memos import DAY, MEETING
from spoken import SAMPLE_RATE, speak
from two_voices import bled, sentences, side_by_side

Cut = tuple[PlannedChunk, bytes]


@cache
def call() -> NDArray[np.float32]:
    return side_by_side(speak(sentences(DAY)[:6], 2.5), speak(sentences(MEETING)[:6], 2.2, seed=11))


def cut(path: Path, target: float = 12.0, resume_from: tuple[int, float] | None = None) -> list[Cut]:
    return [item for item in plan(path, target=target, resume_from=resume_from) if isinstance(item, tuple)]


def written(path: Path, sides: NDArray[np.float32], codec: str = "pcm_s16le") -> Path:
    return write_audio(path, sides, SAMPLE_RATE, codec)


def test_the_sound_of_a_chunk_is_that_of_its_channels_one_after_the_other(tmp_path: Path) -> None:
    chunks = cut(written(tmp_path / "call.wav", call()))
    assert any(all(chunk.channels) and chunk.channels for chunk, _ in chunks)
    assert all(before.end == after.start for (before, _), (after, _) in pairwise(chunks))
    for chunk, flac in chunks:
        places = layout(chunk.channels, chunk.duration)
        seconds = places[-1][1] + chunk.duration if places else chunk.duration
        assert len(flac_samples(flac)) == round(seconds * SAMPLE_RATE)
        if len(places) > 1:
            first = round(chunk.start * SAMPLE_RATE)
            for channel, start in places:
                begin = round(start * SAMPLE_RATE)
                sound = flac_samples(flac)[begin : begin + round(chunk.duration * SAMPLE_RATE)]
                original = call()[channel, first : first + len(sound)]
                assert np.corrcoef(sound, original)[0, 1] > 0.99


def test_voice_in_any_channel_is_voice_of_the_chunk(tmp_path: Path) -> None:
    for chunk, _ in cut(written(tmp_path / "call.wav", call())):
        for spans in chunk.channels:
            for span in spans:
                assert any(whole.start <= span.start and span.end <= whole.end for whole in chunk.speech)


def test_a_plan_of_two_voices_resumed_at_any_cut_is_the_same_to_the_byte(tmp_path: Path) -> None:
    path = written(tmp_path / "call.wav", bled(call(), 18.0))
    through = cut(path)
    assert len(through) > 2
    for done, (last, _) in enumerate(through, 1):
        assert cut(path, resume_from=(done, last.end)) == through[done:]


@pytest.mark.parametrize("kind", ["dual", "stereo", "joint"])
def test_ordinary_stereo_is_cut_as_its_mix_is(tmp_path: Path, kind: str) -> None:
    voices = call()
    sides = np.stack((voices.mean(axis=0),) * 2) if kind == "dual" else bled(voices, 5.0) * np.float32(0.6)
    path = written(tmp_path / "a.mp3", sides, "libmp3lame") if kind == "joint" else written(tmp_path / "a.wav", sides)
    chunks = cut(path)
    assert {chunk.channels for chunk, _ in chunks} == {()}
    if kind == "dual":
        assert chunks == cut(written(tmp_path / "mono.wav", sides[0]))


def test_a_silent_channel_leaves_all_voice_to_the_other_and_the_sound_as_it_was(tmp_path: Path) -> None:
    voice = call()[0]
    alone = cut(written(tmp_path / "a.wav", np.stack((np.zeros_like(voice), voice))))
    for chunk, flac in alone:
        assert chunk.channels in {(), ((), chunk.speech)}
        assert len(flac_samples(flac)) == round(chunk.duration * SAMPLE_RATE)


def test_the_summary_counts_voice_once_where_two_speak_at_once(tmp_path: Path) -> None:
    path = written(tmp_path / "call.wav", call())
    *_, summary = plan(path, target=12.0)
    assert isinstance(summary, PlanSummary)
    assert summary.speech_seconds == pytest.approx(sum(span.duration for chunk, _ in cut(path) for span in chunk.speech))
    assert summary.speech_seconds <= summary.duration
