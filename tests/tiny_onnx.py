"""Makes models of a few kilobytes with random weights, and the very inputs, outputs and files of NVIDIA's as onnx-asr reads them.

What they say is nonsense, though always the same; how it comes out, from sound to tokens with times, is as with the real ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

MELS, WIDTH, STRIDE = 80, 16, 8
PIECES = ("\u2581the", "\u2581har", "bour", "\u2581rain", "ed", ".", ",", "\u2581and", "\u2581\u00e9t\u00e9")
"""Of words; U+2581 begins one."""
CANARY = ("<|startofcontext|>", "<|startoftranscript|>", "<|emo:undefined|>", "<|en|>", "<|de|>", "<|pnc|>", "<|nopnc|>",
          "<|noitn|>", "<|notimestamp|>", "<|nodiarize|>", "<|endoftext|>")  # fmt: skip
DURATIONS = 5

Array = NDArray[np.float32]


def _weights(*shape: int, seed: int, scale: float = 1.0) -> Array:
    return np.random.default_rng(seed).normal(scale=scale, size=shape).astype(np.float32)


def _save(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    inputs: Mapping[str, tuple[int, Sequence[str | int]]],
    outputs: Mapping[str, tuple[int, Sequence[str | int]]],
    constants: Mapping[str, NDArray[Any]],
) -> None:
    graph = helper.make_graph(
        nodes,
        path.stem,
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in outputs.items()],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


_SOUND = {"audio_signal": (TensorProto.FLOAT, ("b", MELS, "t")), "length": (TensorProto.INT64, ("b",))}


def _subsampled(output: str, width: int, *, seed: int) -> tuple[onnx.NodeProto, dict[str, NDArray[Any]]]:
    """A convolution that takes eight frames of 10 ms to one of 80 ms; shape (b, width, t/8)."""
    node = helper.make_node("Conv", ["audio_signal", "conv"], [output], strides=[STRIDE], pads=[0, STRIDE - 1])
    return node, {"conv": _weights(width, MELS, STRIDE, seed=seed, scale=0.1)}


def _ctc(folder: Path) -> tuple[str, ...]:
    tokens = (*PIECES, "<blk>")
    conv, constants = _subsampled("frames", len(tokens), seed=1)
    quiet = np.zeros(len(tokens), np.float32)
    quiet[-1] = 4.0  # most frames are blank, as with models that have learnt something
    _save(
        folder / "model.onnx",
        [
            conv,
            helper.make_node("Transpose", ["frames"], ["rows"], perm=[0, 2, 1]),
            helper.make_node("Add", ["rows", "quiet"], ["logits"]),
            helper.make_node("LogSoftmax", ["logits"], ["logprobs"], axis=-1),
        ],
        _SOUND,
        {"logprobs": (TensorProto.FLOAT, ("b", "t8", len(tokens)))},
        {**constants, "quiet": quiet},
    )
    return tokens


def _tdt(folder: Path) -> tuple[str, ...]:
    tokens = (*PIECES, "<blk>")
    conv, constants = _subsampled("outputs", WIDTH, seed=2)
    _save(
        folder / "encoder-model.onnx",
        [
            conv,
            helper.make_node("Sub", ["length", "one"], ["before"]),
            helper.make_node("Div", ["before", "stride"], ["whole"]),
            helper.make_node("Add", ["whole", "one"], ["encoded_lengths"]),
        ],
        _SOUND,
        {"outputs": (TensorProto.FLOAT, ("b", WIDTH, "t8")), "encoded_lengths": (TensorProto.INT64, ("b",))},
        {**constants, "one": np.array([1]), "stride": np.array([STRIDE])},
    )
    states = {f"{way}put_states_{n}": (TensorProto.FLOAT, (1, "b", WIDTH)) for way in ("in", "out") for n in (1, 2)}
    quiet = np.zeros(len(tokens) + DURATIONS, np.float32)
    quiet[len(tokens) - 1] = 2.0
    _save(
        folder / "decoder_joint-model.onnx",
        [
            helper.make_node("Squeeze", ["encoder_outputs", "axis2"], ["heard"]),
            helper.make_node("Gather", ["embedding", "targets"], ["embedded"]),
            helper.make_node("Squeeze", ["embedded", "axis1"], ["said"]),
            helper.make_node("Squeeze", ["input_states_1", "axis0"], ["before"]),
            helper.make_node("Sum", ["heard", "said", "before"], ["mixed"]),
            helper.make_node("Tanh", ["mixed"], ["hidden"]),
            helper.make_node("MatMul", ["hidden", "joint"], ["scores"]),
            helper.make_node("Add", ["scores", "quiet"], ["row"]),
            helper.make_node("Unsqueeze", ["row", "axes12"], ["outputs"]),
            helper.make_node("Unsqueeze", ["hidden", "axis0"], ["output_states_1"]),
            helper.make_node("Tanh", ["input_states_2"], ["output_states_2"]),
        ],
        {
            "encoder_outputs": (TensorProto.FLOAT, ("b", WIDTH, "1")),
            "targets": (TensorProto.INT32, ("b", "n")),
            "target_length": (TensorProto.INT32, ("b",)),
            **{name: shape for name, shape in states.items() if name.startswith("in")},
        },
        {
            "outputs": (TensorProto.FLOAT, ("b", "t", "n", len(tokens) + DURATIONS)),
            **{name: shape for name, shape in states.items() if name.startswith("out")},
        },
        {
            "embedding": _weights(len(tokens), WIDTH, seed=3),
            "joint": _weights(WIDTH, len(tokens) + DURATIONS, seed=4),
            "quiet": quiet,
            **{f"axis{n}": np.array([n]) for n in range(3)},
            "axes12": np.array([1, 2]),
        },
    )
    return tokens


def _aed(folder: Path) -> tuple[str, ...]:
    tokens = (*CANARY, "\u2581", *PIECES)
    conv, constants = _subsampled("frames", WIDTH, seed=5)
    _save(
        folder / "encoder-model.onnx",
        [
            conv,
            helper.make_node("Transpose", ["frames"], ["encoder_embeddings"], perm=[0, 2, 1]),
            helper.make_node("ReduceMax", ["encoder_embeddings"], ["top"], axes=[2], keepdims=0),
            helper.make_node("Equal", ["top", "top"], ["true"]),
            helper.make_node("Cast", ["true"], ["encoder_mask"], to=TensorProto.INT64),
        ],
        _SOUND,
        {"encoder_embeddings": (TensorProto.FLOAT, ("b", "t8", WIDTH)), "encoder_mask": (TensorProto.INT64, ("b", "t8"))},
        constants,
    )
    never = np.zeros(len(tokens), np.float32)
    never[: len(CANARY)] = -100.0
    _save(
        folder / "decoder-model.onnx",
        [
            helper.make_node("Gather", ["embedding", "input_ids"], ["said"]),
            helper.make_node("ReduceMean", ["encoder_embeddings"], ["heard"], axes=[1], keepdims=1),
            helper.make_node("Add", ["said", "heard"], ["mixed"]),
            helper.make_node("Tanh", ["mixed"], ["hidden"]),
            helper.make_node("MatMul", ["hidden", "head"], ["scores"]),
            helper.make_node("Add", ["scores", "never"], ["masked"]),
            helper.make_node("LogSoftmax", ["masked"], ["logits"], axis=-1),
            helper.make_node("Unsqueeze", ["hidden", "axis0"], ["layer"]),
            helper.make_node("Concat", ["decoder_mems", "layer"], ["decoder_hidden_states"], axis=2),
        ],
        {
            "input_ids": (TensorProto.INT64, ("b", "n")),
            "encoder_embeddings": (TensorProto.FLOAT, ("b", "t8", WIDTH)),
            "encoder_mask": (TensorProto.INT64, ("b", "t8")),
            "decoder_mems": (TensorProto.FLOAT, (1, "b", "m", WIDTH)),
        },
        {
            "logits": (TensorProto.FLOAT, ("b", "n", len(tokens))),
            "decoder_hidden_states": (TensorProto.FLOAT, (1, "b", "mn", WIDTH)),
        },
        {
            "embedding": _weights(len(tokens), WIDTH, seed=6),
            "head": _weights(WIDTH, len(tokens), seed=7),
            "never": never,
            "axis0": np.array([0]),
        },
    )
    return tokens


_KINDS: dict[str, Callable[[Path], tuple[str, ...]]] = {
    "nemo-conformer-ctc": _ctc,
    "nemo-conformer-tdt": _tdt,
    "nemo-conformer-aed": _aed,
}
"""Parakeet CTC, Parakeet TDT and Canary."""


def make_tiny_model(folder: Path, kind: str) -> Path:
    """Write a model of that type into the folder, which it makes."""
    folder.mkdir(parents=True)
    tokens = _KINDS[kind](folder)
    (folder / "vocab.txt").write_text("".join(f"{token} {number}\n" for number, token in enumerate(tokens)), encoding="utf-8")
    config = {"model_type": kind, "features_size": MELS, "subsampling_factor": STRIDE, "max_sequence_length": 22}
    (folder / "config.json").write_text(json.dumps(config))
    return folder
