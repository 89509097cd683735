"""Models in ONNX, tiny and of random weights: what they say is nonsense, and all round it is real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from diarist.adapters.transcription_engines.onnx_models import OnnxModel, open_engine
from diarist.domain.audio import Span
from diarist.errors import Misconfigured, ModelUnavailable
from diarist.ports.transcription_engine import EngineOptions, Guidance
from fake_hub import fake_hub
from spoken import speak
from tiny_onnx import make_tiny_model

CTC, TDT, CANARY = (f"nemo-conformer-{kind}" for kind in ("ctc", "tdt", "aed"))
SPEECH = (Span(0.0, 2.0), Span(6.5, 10.0))


def sound() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return speak(("This morning I walked to the harbour.", "In the afternoon it rained."), 5.0).samples


def open_model(model: Path | str, cache_dir: Path, **options: str) -> OnnxModel:
    return open_engine(EngineOptions(model=str(model), cache_dir=str(cache_dir), **options))  # type: ignore[arg-type]


def test_a_model_without_times_gives_a_segment_to_each_part_and_no_words(tmp_path: Path) -> None:
    engine = open_model(make_tiny_model(tmp_path / "canary", CANARY), tmp_path)
    first, second = engine.transcribe(sound(), SPEECH, Guidance(language="en")).segments
    assert [(segment.start, segment.end) for segment in (first, second)] == [(0.0, 2.0), (6.5, 10.0)]
    assert first.words == second.words == ()
    assert first.text
    assert 0 < first.probability < 1
    engine.close()


def test_long_speech_is_heard_window_by_window(tmp_path: Path) -> None:
    engine = open_model(make_tiny_model(tmp_path / "ctc", CTC), tmp_path)
    long = np.tile(sound(), 8)
    segments = list(engine.transcribe(long, [Span(0.0, len(long) / 16_000)]).segments)
    assert segments[-1].end > 60
    assert all(left.end <= right.start for left, right in pairwise(segments))
    assert list(engine.transcribe(long, [Span(3.0, 3.005)]).segments) == []
    engine.close()


@pytest.mark.parametrize(
    ("guidance", "language"), [(Guidance(languages=("de",)), "de"), (Guidance(languages=("de", "fr")), None), (Guidance(), None)]
)
def test_the_language_is_what_is_known_of_it(guidance: Guidance, language: str | None, tmp_path: Path) -> None:
    engine = open_model(make_tiny_model(tmp_path / "ctc", CTC), tmp_path)
    assert engine.transcribe(sound(), SPEECH, guidance).language == language
    engine.close()


def test_a_language_that_the_model_does_not_know_is_refused(tmp_path: Path) -> None:
    engine = open_model(make_tiny_model(tmp_path / "canary", CANARY), tmp_path)
    assert list(engine.transcribe(sound(), SPEECH, Guidance(language="de")).segments)
    with pytest.raises(ModelUnavailable, match="does not know the language 'sw'"):
        list(engine.transcribe(sound(), SPEECH, Guidance(language="sw")).segments)
    # The only one that may be spoken is the one that is spoken: left to itself, this model takes all for English.
    with pytest.raises(ModelUnavailable, match="does not know the language 'sw'"):
        list(engine.transcribe(sound(), SPEECH, Guidance(languages=("sw",))).segments)
    engine.close()
    loaded = open_model(make_tiny_model(tmp_path / "ctc", CTC), tmp_path)._loaded
    assert loaded
    with pytest.raises(ModelUnavailable, match="does not know the language 'de'"):
        OnnxModel(loaded, "parakeet-v2", "en").transcribe(sound(), SPEECH, Guidance(language="de"))


@pytest.mark.parametrize("guidance", [Guidance(), Guidance(languages=("de", "fr"))])
def test_a_model_that_takes_all_for_english_has_to_be_told_the_language(guidance: Guidance, tmp_path: Path) -> None:
    engine = open_model(make_tiny_model(tmp_path / "canary", CANARY), tmp_path)
    with pytest.raises(ModelUnavailable, match="takes all for English") as caught:
        engine.transcribe(sound(), SPEECH, guidance)
    assert "DIARIST_ENGINE__LANGUAGE" in caught.value.advice
    assert list(engine.transcribe(sound(), (), guidance).segments) == []
    engine.close()


def test_smaller_files_are_taken_where_they_are(tmp_path: Path) -> None:
    folder = make_tiny_model(tmp_path / "tdt", TDT)
    for name in ("encoder-model", "decoder_joint-model"):
        (folder / f"{name}.int8.onnx").write_bytes((folder / f"{name}.onnx").read_bytes())
        (folder / f"{name}.onnx").write_bytes(b"not read")
    assert list(open_model(folder, tmp_path).transcribe(sound(), SPEECH).segments)
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        open_model(folder, tmp_path, compute_type="float32")


@pytest.mark.parametrize(
    ("model", "error"),
    [
        ("auto", "no model of its own"),
        ("parakeat", "Did you mean parakeet"),
        ("./nowhere", "config.json cannot be read"),
        ("someone/model", "no model called"),
    ],
)
def test_what_cannot_be_found_says_why(model: str, error: str, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=error):
        open_model(model, tmp_path)


def test_a_folder_that_is_no_model_says_why(tmp_path: Path) -> None:
    folder = make_tiny_model(tmp_path / "tdt", TDT)
    (folder / "decoder_joint-model.onnx").unlink()
    with pytest.raises(ModelUnavailable, match="Files of the model are missing"):
        open_model(folder, tmp_path)
    (folder / "config.json").write_text(json.dumps({"model_type": "tea"}))
    with pytest.raises(ModelUnavailable, match="model_type"):
        open_model(folder, tmp_path)


def test_a_gpu_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="cannot use a GPU"):
        open_model(make_tiny_model(tmp_path / "ctc", CTC), tmp_path, device="cuda")


OPEN = """
import sys
from diarist.adapters.transcription_engines.onnx_models import open_engine
from diarist.errors import DiaristError
from diarist.ports.transcription_engine import EngineOptions
try:
    print(open_engine(EngineOptions(model=sys.argv[1], cache_dir=sys.argv[2])).model)
except DiaristError as error:
    print(error.code, error.message)
"""


def in_another_process(model: str, cache_dir: Path, endpoint: str) -> str:
    """The hub's library reads its address once, when it is imported."""
    environment = {**os.environ, "HF_ENDPOINT": endpoint, "HF_HUB_DISABLE_XET": "1", "HOME": str(cache_dir)}
    command = [sys.executable, "-c", OPEN, model, str(cache_dir)]
    # Before its last line it logs that a model was loaded.
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()[-1]


@pytest.mark.slow
def test_a_name_is_fetched_once_and_then_needs_no_network(tmp_path: Path) -> None:
    files = {path.name: path.read_bytes() for path in make_tiny_model(tmp_path / "made", CTC).iterdir()}
    with fake_hub({"istupakov/parakeet-ctc-0.6b-onnx": files}) as endpoint:
        assert in_another_process("nemo-parakeet-ctc-0.6b", tmp_path, endpoint) == "nemo-parakeet-ctc-0.6b"
        assert in_another_process("gigaam", tmp_path, endpoint).startswith("model_unavailable The hub does not give")
    assert in_another_process("nemo-parakeet-ctc-0.6b", tmp_path, endpoint) == "nemo-parakeet-ctc-0.6b"
    assert "cannot be reached" in in_another_process("gigaam", tmp_path, endpoint)


def test_without_the_library_the_extra_is_named(tmp_path: Path) -> None:
    code = "import sys; sys.modules['onnx_asr'] = None\n" + OPEN
    done = subprocess.run([sys.executable, "-c", code, "parakeet", str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"{Misconfigured.code} The engine `onnx-asr` is not installed")
