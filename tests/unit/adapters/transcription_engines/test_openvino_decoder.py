"""The decoder in OpenVINO reads what CTranslate2's reads, whatever it read before and beside it, and times it as well."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diarist.adapters.transcription_engines import whisper_windows
from diarist.adapters.transcription_engines.ctranslate2_whisper import CTranslate2Whisper
from diarist.adapters.transcription_engines.openvino_model import OpenVINOModel
from diarist.adapters.transcription_engines.placement import Placement
from diarist.adapters.transcription_engines.whisper_share import Share
from diarist.adapters.transcription_engines.whisper_windows import Way, Windows, WindowText
from diarist.domain.audio import Span
from diarist.engine.models import resolve
from diarist.errors import EngineFailed, ModelUnavailable
from spoken import speak

pytest.importorskip("openvino")

from diarist.adapters.transcription_engines import openvino_decoder, whisper_openvino

SPEECH = speak(
    (
        "We painted the kitchen on Monday, and my sister called from the station.",
        "Yes.",
        "The train was late, so she walked along the river and bought three apples and a loaf of bread.",
        "Nobody was at home.",
    ),
    0.6,
)
CUTS = [Span(max(0.0, phrase.start - 0.2), phrase.end + 0.3) for phrase in SPEECH.phrases]
WORDS = sum(len(phrase.words) for phrase in SPEECH.phrases)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[whisper_openvino.OpenVINOWhisper, CTranslate2Whisper]:
    """Ours, and faster-whisper's in full precision."""
    cache = tmp_path_factory.mktemp("cache")
    model = resolve("tiny.en", cache)
    ours = whisper_openvino.load(model, Placement("cpu", (0,), "int8", Share(2, 1)), cache)
    return ours, CTranslate2Whisper(model.path, device="cpu", compute_type="float32", cpu_threads=1)


def read(whisper: CTranslate2Whisper, cuts: list[Span], beam_size: int, workers: int = 1) -> list[WindowText]:
    windows = Windows(whisper, Share(workers, 1), SPEECH.samples, cuts)
    return list(windows.read(["en"] * len(cuts), Way(beam_size=beam_size)))


@pytest.mark.slow
@pytest.mark.parametrize("beam_size", [1, 5])
def test_it_reads_and_believes_what_the_other_does(
    models: tuple[whisper_openvino.OpenVINOWhisper, CTranslate2Whisper], beam_size: int
) -> None:
    ours, other = (read(model, CUTS, beam_size) for model in models)
    assert [text.text for text in ours] == [text.text for text in other]
    for mine, its in zip(ours, other, strict=True):
        assert mine.avg_logprob == pytest.approx(its.avg_logprob, abs=0.05)
        assert mine.no_speech_prob == pytest.approx(its.no_speech_prob, abs=0.05)
        assert [word.probability for word in mine.words] == pytest.approx([word.probability for word in its.words], abs=0.1)
        off = [abs(a.start - b.start) for a, b in zip(mine.words, its.words, strict=True)]
        assert np.median(off) <= 0.02
        assert max(off) < 0.3


@pytest.mark.slow
def test_what_it_read_before_and_beside_changes_nothing(
    models: tuple[whisper_openvino.OpenVINOWhisper, CTranslate2Whisper],
) -> None:
    """Long and short texts in one batch: those that are read leave it, and their places go to others."""
    ours, _ = models
    alone = [read(ours, [cut], 5)[0].text for cut in CUTS]
    together = [*CUTS[::-1], *CUTS]
    for workers in (1, 2):
        for _ in range(2):
            found = read(ours, together, 5, workers)
            assert [text.text for text in found] == [*alone[::-1], *alone]
            assert all(np.isfinite(text.avg_logprob) for text in found)
            assert sum(len(text.words) for text in found) == 2 * WORDS


@pytest.mark.slow
def test_a_text_that_is_longer_than_its_room_is_cut_off_and_timed_up_to_there(
    models: tuple[whisper_openvino.OpenVINOWhisper, CTranslate2Whisper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whisper_windows, "_MOST_TOKENS", (4, 0.0))
    first, yes, *_ = read(models[0], CUTS, 5)
    assert first.cut_off
    assert first.text == " We painted the kitchen"
    said = [word.start for word in first.words]
    monkeypatch.undo()
    whole = read(models[0], CUTS[:1], 5)
    assert said == pytest.approx([word.start for word in whole[0].words[: len(said)]], abs=0.1)
    assert not yes.cut_off


@pytest.mark.slow
def test_more_texts_than_it_follows_are_followed_by_the_other(
    models: tuple[whisper_openvino.OpenVINOWhisper, CTranslate2Whisper],
) -> None:
    found = read(models[0], CUTS[:1], openvino_decoder.MOST_TEXTS + 1)
    assert found[0].text == read(models[1], CUTS[:1], openvino_decoder.MOST_TEXTS + 1)[0].text


def test_a_model_that_names_no_heads_to_time_words_by_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match="names no heads"):
        openvino_decoder.alignment_heads(tmp_path)


@pytest.mark.slow
def test_sound_that_is_no_numbers_is_an_error_and_no_silence(
    models: tuple[whisper_openvino.OpenVINOWhisper, CTranslate2Whisper],
) -> None:
    ours, _ = models
    windows = Windows(ours, Share(1, 1), np.full_like(SPEECH.samples, np.nan), CUTS[:1])
    with pytest.raises(EngineFailed, match="no numbers"):
        list(windows.read(["en"], Way(beam_size=5)))


def test_a_model_that_does_not_tell_what_no_text_begins_with_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match="begins with"):
        OpenVINOModel(None, None, tmp_path, None)  # type: ignore[arg-type]  # it is refused before they are looked at
