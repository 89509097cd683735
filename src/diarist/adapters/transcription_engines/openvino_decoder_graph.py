"""Whisper's text decoder as OpenVINO graphs that read greedily, and tell besides by what the words can be timed.

The network is the decoder of Radford et al. 2022, section 2.2: tokens and their positions, then transformer blocks that look back
at the text and over at the sound, each part with its norm first. What looks at the sound takes most of the time, as it moves the
keys and values of the whole window for each token: they are held in bf16 where the processor computes with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import openvino as ov
from openvino import PartialShape, Type
from openvino import opset14 as op

from diarist.adapters.transcription_engines.openvino_layers import Weights, joined, layers, linear, norm, parted

STATES = 1500
"""Of a window, as the encoder gives them: one for each 20 ms."""
Heads = Sequence[tuple[int, int]]
"""Layers, and heads in them, that are known to look at the sound of the word that comes next."""


def sound_graph(weights: Weights, heads: Heads, kind: Type) -> Any:
    """An `ov.Model` from the states of a window, shape (1, 1500, width), to what the decoder looks at.

    By layer its keys and its values, shape (1, heads, 1500, width of a head) each, and last the keys of `heads` once more,
    shape (1, number, 1500, width of a head); numbers of type `kind`. Raises `KeyError`.
    """
    width, many = _width(weights), int(weights["decoder/num_heads"])
    states = op.parameter([1, STATES, width], np.float32, name="states")
    found, keys = [], []
    for layer in layers(weights, "decoder"):
        both = linear(states, weights, f"{layer}/attention/linear_1")
        key, value = (parted(part, many) for part in op.split(both, 2, 2).outputs())
        keys.append(key)
        found += [key, value]
    found.append(op.concat([_head(keys[layer], head) for layer, head in heads], 1))
    return ov.Model([op.convert(one, kind) for one in found], [states], "whisper-sound")


def decoder_graph(weights: Weights, heads: Heads, kind: Type) -> Any:
    """An `ov.Model` that remembers the text so far and goes on with it by one token; raises `KeyError`.

    Takes `tokens`, shape (windows, length), their `positions`, shape (length,), a `mask`, shape (length, length of the text), to
    add to what looks at the text; what to add to the `scores` of each token, shape (vocabulary,); the token that stands for `no_speech`, shape (1,); and by layer `key_N` and
    `value_N` for each window, see `sound_graph`.

    Gives for each window the `best` next token, its `logprob` and that of `no_speech`, shape (windows,), and the `queries` of
    `heads`, shape (windows, number, length, width of a head).
    """
    many, table = int(weights["decoder/num_heads"]), op.constant(weights["decoder/embeddings/weight"])
    size = _width(weights) // many
    given = {
        "tokens": op.parameter([-1, -1], np.int64),
        "positions": op.parameter([-1], np.int64),
        "mask": op.parameter([-1, -1], np.float32),
        "scores": op.parameter([weights["decoder/embeddings/weight"].shape[0]], np.float32),
        "no_speech": op.parameter([1], np.int64),
    }
    first = op.constant(np.int64(0))
    text_mask = op.unsqueeze(given["mask"], op.constant(np.array([0, 1])))
    places = op.gather(op.constant(weights["decoder/position_encodings/encodings"]), given["positions"], first)
    states: Any = op.add(op.gather(table, given["tokens"], first), places)
    remembered, queries = [], []
    for number, layer in enumerate(layers(weights, "decoder")):
        normed = norm(states, weights, f"{layer}/self_attention/layer_norm")
        together = linear(normed, weights, f"{layer}/self_attention/linear_0")
        query, *new = (parted(part, many) for part in op.split(together, 2, 3).outputs())
        text = []
        for name, one in zip(("key", "value"), new, strict=True):
            nothing = _nothing(given["tokens"], many, size)
            before = op.read_value(nothing, f"text_{name}_{number}", Type.f32, PartialShape([-1, many, -1, size]))
            text.append(op.concat([before, one], 2))
            remembered.append(op.assign(text[-1], f"text_{name}_{number}"))
        looked = _attention(query, *text, text_mask)
        states = op.add(states, linear(joined(looked), weights, f"{layer}/self_attention/linear_1"))

        normed = norm(states, weights, f"{layer}/attention/layer_norm")
        query = parted(linear(normed, weights, f"{layer}/attention/linear_0"), many)
        queries.append(query)
        sound = [op.parameter([-1, many, STATES, size], kind) for _ in range(2)]
        given |= {f"key_{number}": sound[0], f"value_{number}": sound[1]}
        looked = _attention(query, *(op.convert(one, Type.f32) for one in sound))
        states = op.add(states, linear(joined(looked), weights, f"{layer}/attention/linear_2"))

        normed = norm(states, weights, f"{layer}/ffn/layer_norm")
        inner = op.gelu(linear(normed, weights, f"{layer}/ffn/linear_0"), "erf")
        states = op.add(states, linear(inner, weights, f"{layer}/ffn/linear_1"))
    last = op.gather(norm(states, weights, "decoder/layer_norm"), op.constant(np.int64(-1)), op.constant(np.int64(1)))
    found = _next(op.add(op.matmul(last, op.constant(_vocabulary(weights)), transpose_a=False, transpose_b=True), given["scores"]),
                  given["no_speech"])  # fmt: skip
    found["queries"] = op.concat([_head(queries[layer], head) for layer, head in heads], 1)
    for name, parameter in given.items():
        parameter.output(0).set_names({name})
    results = {name: op.result(one) for name, one in found.items()}
    for name, result in results.items():
        result.output(0).set_names({name})
    return ov.Model(list(results.values()), remembered, list(given.values()), "whisper-decoder")


def _attention(query: Any, key: Any, value: Any, mask: Any = None) -> Any:
    """Written out: OpenVINO's own operation copies and scales all keys for each token."""
    scaled = op.multiply(query, op.constant(np.float32(int(query.output(0).get_partial_shape()[3].get_length()) ** -0.5)))
    weights = op.matmul(scaled, key, transpose_a=False, transpose_b=True)
    weights = weights if mask is None else op.add(weights, mask)
    return op.matmul(op.softmax(weights, -1), value, transpose_a=False, transpose_b=False)


def _next(scores: Any, no_speech: Any) -> dict[str, Any]:
    axis = op.constant(np.array([1]))
    top = op.topk(scores, op.constant(np.int64(1)), -1, "max", "none")
    most = top.output(0)
    total = op.add(most, op.log(op.reduce_sum(op.exp(op.subtract(scores, most)), axis, keep_dims=True)))
    quiet = op.gather(scores, no_speech, op.constant(np.int64(1)))
    found = {"best": top.output(1), "logprob": op.subtract(most, total), "no_speech_logprob": op.subtract(quiet, total)}
    return {name: op.squeeze(one, axis) for name, one in found.items()}


def _nothing(tokens: Any, heads: int, size: int) -> Any:
    """The text before the first token, for each window."""
    windows = op.gather(op.shape_of(tokens), op.constant(np.array([0])), op.constant(np.int64(0)))
    return op.broadcast(op.constant(np.float32(0)), op.concat([windows, op.constant(np.array([heads, 0, size]))], 0))


def _head(parts: Any, head: int) -> Any:
    return op.gather(parts, op.constant(np.array([head])), op.constant(np.int64(1)))


def _width(weights: Weights) -> int:
    return int(weights["decoder/embeddings/weight"].shape[1])


def _vocabulary(weights: Weights) -> Any:
    return weights.get("decoder/projection/weight", weights["decoder/embeddings/weight"])
