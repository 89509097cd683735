"""The weights that are read are those that CTranslate2 computes with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from ctranslate2.specs import common_spec, model_spec

from diarist.adapters.transcription_engines.ctranslate2_file import read_weights
from diarist.errors import ModelUnavailable

CHANCE = np.random.default_rng(3)


class Layer(model_spec.LanguageModelSpec):  # type: ignore[misc]  # ctranslate2 is not typed
    """The smallest model that CTranslate2 itself writes."""

    def __init__(self, weight: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
        super().__init__()
        self.linear = common_spec.LinearSpec()
        self.linear.weight = weight
        self.linear.bias = CHANCE.standard_normal(len(weight)).astype(np.float32)
        self.other = common_spec.LinearSpec()
        self.other.weight = self.linear.weight
        self.other.bias = np.zeros(len(weight), np.float32)

    @property
    def name(self) -> str:
        return "Layer"

    @property
    def revision(self) -> int:
        return 1

    def get_default_config(self) -> model_spec.ModelConfig:
        return model_spec.ModelConfig()

    def get_vocabulary_size(self) -> int:
        return 1


@pytest.fixture
def weight() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return CHANCE.standard_normal((24, 16)).astype(np.float32)


def written(folder: Path, weight: np.ndarray[tuple[int, ...], np.dtype[np.float32]], quantization: str | None) -> Path:
    spec = Layer(weight.copy())  # it is quantised where it stands
    spec.register_vocabulary(["a"])
    spec.validate()
    spec.optimize(quantization=quantization)
    spec.save(str(folder))
    return folder / "model.bin"


@pytest.mark.parametrize(("quantization", "error"), [(None, 0.0), ("float16", 2e-3), ("int8", 3e-2), ("int16", 2e-3)])
def test_they_are_what_was_written(
    tmp_path: Path, weight: np.ndarray[tuple[int, ...], np.dtype[np.float32]], quantization: str | None, error: float
) -> None:
    weights = read_weights(written(tmp_path, weight, quantization), lambda name: name.startswith(("linear/", "other/")))
    assert weights["linear/weight"].dtype == np.float32
    assert np.abs(weights["linear/weight"] - weight).max() <= error
    assert np.array_equal(weights["other/weight"], weights["linear/weight"])  # written once, under two names
    assert not [name for name in weights if name.endswith("_scale")]


def test_only_what_is_wanted_is_read(tmp_path: Path, weight: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    assert set(read_weights(written(tmp_path, weight, None), lambda name: name == "linear/bias")) == {"linear/bias"}


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:-400], lambda whole: b"\x09" + whole[1:], lambda _: b"", lambda _: b"GGUF" * 9]
)
def test_a_damaged_file_is_refused(
    tmp_path: Path, weight: np.ndarray[tuple[int, ...], np.dtype[np.float32]], damage: object
) -> None:
    path = written(tmp_path, weight, "int8")
    assert callable(damage)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        read_weights(path, lambda _: True)
