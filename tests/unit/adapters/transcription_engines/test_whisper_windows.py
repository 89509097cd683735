"""Windows are read whatever a device can take at once, and every one of them at its place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from faster_whisper import WhisperModel

from diarist.adapters.transcription_engines.whisper_share import Share
from diarist.adapters.transcription_engines.whisper_windows import Way, Windows, WindowText
from diarist.domain.audio import Span
from diarist.engine.models import resolve
from diarist.errors import EngineFailed
from spoken import speak

SPEECH = speak(("We painted the kitchen on Monday.", "My sister called from the station.", "The train was late."), 0.5)
CUTS = [Span(max(0.0, phrase.start - 0.2), phrase.end + 0.3) for phrase in SPEECH.phrases]


class SmallDevice(WhisperModel):  # type: ignore[misc]  # faster-whisper is not typed
    """A model on a device with room for so many windows."""

    room = 1
    batches: tuple[int, ...] = ()

    def encode(self, features: Any) -> Any:
        self.batches += (len(features),)
        if len(features) > self.room:
            raise RuntimeError("CUDA failed with error out of memory")
        return super().encode(features)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SmallDevice:
    path = resolve("tiny.en", tmp_path_factory.mktemp("cache")).path
    return SmallDevice(path, device="cpu", compute_type="int8", cpu_threads=1, num_workers=2)


def read(model: SmallDevice, *, room: int, workers: int = 1) -> list[WindowText]:
    model.room, model.batches = room, ()
    windows = Windows(model, Share(workers, 1), SPEECH.samples, CUTS)
    return list(windows.read(["en"] * len(CUTS), Way(beam_size=1)))


@pytest.mark.slow
@pytest.mark.parametrize(("room", "workers"), [(8, 1), (1, 1), (8, 2)])
def test_each_window_has_its_own_text_at_its_own_time(model: SmallDevice, room: int, workers: int) -> None:
    found = read(model, room=room, workers=workers)
    assert ["kitchen" in found[0].text, "sister" in found[1].text, "train" in found[2].text] == [True] * 3
    for cut, text in zip(CUTS, found, strict=True):
        assert text.words
        assert all(cut.start - 0.01 <= word.start <= word.end <= cut.end + 1.0 for word in text.words)
        assert not text.cut_off


@pytest.mark.slow
def test_out_of_memory_halves_the_batch_and_goes_on(model: SmallDevice) -> None:
    found = read(model, room=1)
    assert model.batches == (3, 1, 2, 1, 1)
    assert [text.text for text in found] == [text.text for text in read(model, room=8)]
    assert np.allclose([text.avg_logprob for text in found], [text.avg_logprob for text in read(model, room=8)], atol=0.05)


@pytest.mark.slow
def test_a_device_without_room_for_one_window_has_failed(model: SmallDevice) -> None:
    with pytest.raises(EngineFailed, match="out of memory"):
        read(model, room=0)
