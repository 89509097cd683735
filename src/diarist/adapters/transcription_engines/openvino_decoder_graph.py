"""Whisper's text decoder as OpenVINO graphs, which tell besides by what the words can be timed.

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

from diarist.adapters.transcription_engines.openvino_layers import Weights, joined, layers, linear, matrix, norm, parted

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


def decoder_graph(weights: Weights, heads: Heads, kind: Type, choices: int) -> Any:
    """An `ov.Model` that remembers the texts so far and goes on with each by some tokens; raises `KeyError`.

    Takes `tokens`, shape (windows, columns): some of one text, or the last of several, one a lane; their `positions`, shape
    (columns,); `rows`, shape (windows times lanes,), which text of the call before each continues; a `mask`, shape (new, length),
    to add to what looks at the text; the `ends` after which to tell what comes, as places in `tokens` row by row; what to add to
    the `scores` of each token, shape (vocabulary,); the token that stands for `no_speech`, shape (1,); and by layer `key_N` and
    `value_N` for each window, see `sound_graph`.

    Gives, best first, the likeliest `next` tokens and their `logprobs`, shape (ends, choices), `no_speech_logprob`, shape
    (ends, 1), and the `queries` of `heads`, shape (windows, number, columns, width of a head).
    """
    many, table = int(weights["decoder/num_heads"]), matrix(weights["decoder/embeddings/weight"])
    size = _width(weights) // many
    given = {
        "tokens": op.parameter([-1, -1], np.int64),
        "positions": op.parameter([-1], np.int64),
        "rows": op.parameter([-1], np.int64),
        "mask": op.parameter([-1, -1], np.float32),
        "ends": op.parameter([-1], np.int64),
        "scores": op.parameter([weights["decoder/embeddings/weight"].shape[0]], np.float32),
        "no_speech": op.parameter([1], np.int64),
    }
    first, texts = op.constant(np.int64(0)), op.shape_of(given["rows"])
    by_text = op.concat([texts, op.constant(np.array([-1, many, size]))], 0)
    by_window = op.concat([op.shape_of(given["tokens"]), op.constant(np.array([many * size]))], 0)
    nothing = op.broadcast(op.constant(np.float32(0)), op.concat([texts, op.constant(np.array([many, 0, size]))], 0))
    mask = op.unsqueeze(given["mask"], op.constant(np.array([0, 1])))
    places = op.gather(op.constant(weights["decoder/position_encodings/encodings"]), given["positions"], first)
    states: Any = op.add(op.gather(table, given["tokens"], first), places)
    remembered, queries = [], []
    for number, layer in enumerate(layers(weights, "decoder")):
        normed = norm(states, weights, f"{layer}/self_attention/layer_norm")
        together = op.split(linear(normed, weights, f"{layer}/self_attention/linear_0"), 2, 3).outputs()
        query, *new = (op.transpose(op.reshape(part, by_text, special_zero=False), [0, 2, 1, 3]) for part in together)
        text = []
        for name, one in zip(("key", "value"), new, strict=True):
            before = op.read_value(nothing, f"{name}_{number}", Type.f32, PartialShape([-1, many, -1, size]))
            text.append(op.concat([op.gather(before, given["rows"], first), one], 2))
            remembered.append(op.assign(text[-1], f"{name}_{number}"))
        looked = op.transpose(_attention(query, text[0], text[1], size, mask), [0, 2, 1, 3])
        looked = op.reshape(looked, by_window, special_zero=False)
        states = op.add(states, linear(looked, weights, f"{layer}/self_attention/linear_1"))

        normed = norm(states, weights, f"{layer}/attention/layer_norm")
        queries.append(parted(linear(normed, weights, f"{layer}/attention/linear_0"), many))
        sound = [op.parameter([-1, many, STATES, size], kind) for _ in range(2)]
        given |= {f"key_{number}": sound[0], f"value_{number}": sound[1]}
        key, value = (op.convert(one, Type.f32) for one in sound)
        looked = _attention(queries[-1], key, value, size)
        states = op.add(states, linear(joined(looked), weights, f"{layer}/attention/linear_2"))

        normed = norm(states, weights, f"{layer}/ffn/layer_norm")
        inner = op.gelu(linear(normed, weights, f"{layer}/ffn/linear_0"), "erf")
        states = op.add(states, linear(inner, weights, f"{layer}/ffn/linear_1"))
    flat = op.reshape(norm(states, weights, "decoder/layer_norm"), op.constant(np.array([-1, many * size])), special_zero=False)
    last = op.gather(flat, given["ends"], first)
    # Most models tell tokens by the same matrix by which they know them.
    known = weights["decoder/embeddings/weight"]
    own = weights.get("decoder/projection/weight", known)
    told_by = table if np.array_equal(own, known) else matrix(own)
    scores = op.matmul(last, told_by, transpose_a=False, transpose_b=True)
    found = _choices(op.add(scores, given["scores"]), given["no_speech"], choices)
    found["queries"] = op.concat([_head(queries[layer], head) for layer, head in heads], 1)
    for name, parameter in given.items():
        parameter.output(0).set_names({name})
    results = {name: op.result(one) for name, one in found.items()}
    for name, result in results.items():
        result.output(0).set_names({name})
    return ov.Model(list(results.values()), remembered, list(given.values()), "whisper-decoder")


def _attention(query: Any, key: Any, value: Any, size: int, mask: Any = None) -> Any:
    """Written out: OpenVINO's own operation copies and scales all keys for each token."""
    scaled = op.multiply(query, op.constant(np.float32(size**-0.5)))
    weights = op.matmul(scaled, key, transpose_a=False, transpose_b=True)
    weights = weights if mask is None else op.add(weights, mask)
    return op.matmul(op.softmax(weights, -1), value, transpose_a=False, transpose_b=False)


def _choices(scores: Any, no_speech: Any, choices: int) -> dict[str, Any]:
    top = op.topk(scores, op.constant(np.int64(choices)), -1, "max", "value")
    most = op.reduce_max(scores, op.constant(np.array([1])), keep_dims=True)
    total = op.add(most, op.log(op.reduce_sum(op.exp(op.subtract(scores, most)), op.constant(np.array([1])), keep_dims=True)))
    quiet = op.gather(scores, no_speech, op.constant(np.int64(1)))
    return {
        "next": top.output(1),
        "logprobs": op.subtract(top.output(0), total),
        "no_speech_logprob": op.subtract(quiet, total),
    }


def _head(parts: Any, head: int) -> Any:
    return op.gather(parts, op.constant(np.array([head])), op.constant(np.int64(1)))


def _width(weights: Weights) -> int:
    return int(weights["decoder/embeddings/weight"].shape[1])
