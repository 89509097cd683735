"""The encoder in OpenVINO computes what CTranslate2's does, from a cache or without, and tells nobody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from diarist.adapters.transcription_engines.openvino_compiling import Compiler
from diarist.adapters.transcription_engines.openvino_encoder import Encoder
from diarist.engine.models import resolve
from diarist.errors import ModelUnavailable
from spoken import speak

pytest.importorskip("openvino")


def features(model: WhisperModel) -> NDArray[np.float32]:
    """Of two windows of speech."""
    samples = speak("We painted the kitchen on Monday, and my sister called from the station.", 1.0).samples
    mel = model.feature_extractor(samples)[..., :-1]
    window = np.zeros((mel.shape[0], 3000), np.float32)
    window[:, : mel.shape[1]] = mel
    return np.stack([window, window[:, ::-1]])


@pytest.mark.slow
def test_it_is_near_to_full_precision_and_nearer_than_int8(tmp_path: Path) -> None:
    path = resolve("tiny.en", tmp_path).path
    exact = WhisperModel(path, device="cpu", compute_type="float32", cpu_threads=1)
    quantised = WhisperModel(path, device="cpu", compute_type="int8", cpu_threads=1)
    given = features(exact)
    wanted = np.array(exact.encode(given))

    def distance(states: NDArray[np.float32]) -> float:
        return float(np.abs(states - wanted).mean() / np.abs(wanted).mean())

    found = Encoder(Compiler(Path(path), workers=2, threads=1, cache_dir=tmp_path / "cache"))(given)
    assert found.shape == wanted.shape
    assert found.dtype == np.float32
    assert distance(found) < 0.05
    assert distance(found) < distance(np.array(quantised.encode(given)))


@pytest.mark.slow
def test_what_was_compiled_is_kept_and_what_is_spoilt_is_compiled_anew(tmp_path: Path) -> None:
    path = Path(resolve("tiny.en", tmp_path).path)
    given = np.random.default_rng(1).standard_normal((1, 80, 3000)).astype(np.float32)

    def encoded() -> NDArray[np.float32]:
        return Encoder(Compiler(path, workers=1, threads=1, cache_dir=tmp_path / "cache"))(given)

    first = encoded()
    [kept] = (tmp_path / "cache").iterdir()
    assert np.array_equal(encoded(), first)
    size = kept.stat().st_size
    kept.write_bytes(kept.read_bytes()[: size // 2])
    assert np.array_equal(encoded(), first)
    assert kept.stat().st_size == size


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"no weights")
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        Encoder(Compiler(tmp_path, workers=1, threads=1, cache_dir=tmp_path / "cache"))


def test_importing_it_reports_to_nobody(tmp_path: Path) -> None:
    """Its own package does, once it finds no sign of being tested: so there is none, and a home to write to."""
    program = (
        "import sys\n"
        "seen = []\n"
        "watched = ('socket.', 'os.posix_spawn', 'subprocess.')\n"
        "sys.addaudithook(lambda event, _: seen.append(event) if event.startswith(watched) else None)\n"
        "from diarist.child.openvino_runtime import core\n"
        "core()\n"
        "import openvino\n"
        "assert not [name for name in sys.modules if name.startswith('openvino_telemetry.')], 'loaded'\n"
        "assert not seen, seen\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], env={"HOME": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert list(tmp_path.iterdir()) == []
