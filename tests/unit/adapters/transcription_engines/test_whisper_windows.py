"""Windows are read whatever a device can take at once, and every one of them at its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faster_whisper.audio import pad_or_trim

from diarist.adapters.transcription_engines import whisper_windows
from diarist.adapters.transcription_engines.ctranslate2_whisper import CTranslate2Whisper
from diarist.adapters.transcription_engines.whisper_share import Share
from diarist.adapters.transcription_engines.whisper_windows import Way, Windows, WindowText
from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.engine.models import resolve
from diarist.errors import EngineFailed
from made_audio import noise
from spoken import speak

SPEECH = speak(("We painted the kitchen on Monday.", "My sister called from the station.", "The train was late."), 0.5)
CUTS = [Span(max(0.0, phrase.start - 0.2), phrase.end + 0.3) for phrase in SPEECH.phrases]


class SmallDevice(CTranslate2Whisper):
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
def test_a_text_that_is_longer_than_its_room_is_cut_off_there_and_says_so(
    model: SmallDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whisper_windows, "_MOST_TOKENS", (4, 0.0))
    found = read(model, room=8)
    assert all(text.cut_off for text in found)
    tokens = [model.hf_tokenizer.encode(text.text, add_special_tokens=False).ids for text in found]
    assert [len(one) for one in tokens] == [4, 4, 4]


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


@pytest.mark.slow
def test_a_third_of_a_window_tells_its_language_and_all_of_it_where_that_is_unsure(tmp_path: Path) -> None:
    whisper = CTranslate2Whisper(str(resolve("base", tmp_path).path), device="cpu", compute_type="int8", cpu_threads=1)
    # Two seconds of rustling are no language.
    samples = np.concatenate((SPEECH.samples, noise(2.0, colour=1, dbfs=-25)))
    end = len(SPEECH.samples) / SAMPLE_RATE
    windows = Windows(whisper, Share(1, 1), samples, [Span(0.0, end), Span(end, end + 2.0)])
    features = np.stack(
        [pad_or_trim(whisper.feature_extractor(part)[..., :-1]) for part in np.split(samples, [len(SPEECH.samples)])]
    )
    spoken, rustling = (
        {token[2:-2]: probability for token, probability in belief}
        for belief in whisper.model.detect_language(whisper.encode(features))
    )
    told, unsure = windows.beliefs()
    assert spoken["en"] > 0.9
    assert told["en"] == pytest.approx(spoken["en"], abs=0.1)
    assert told["en"] != spoken["en"], "else all of it was asked"
    assert max(rustling.values()) < 0.8, "else this test proves nothing"
    assert unsure == pytest.approx(rustling, abs=1e-3)
