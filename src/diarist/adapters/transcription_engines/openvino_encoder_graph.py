"""Whisper's audio encoder as an OpenVINO graph, built from the very weights that CTranslate2 uses.

The network is the encoder of Radford et al. 2022, section 2.2: two convolutions, positions, then transformer blocks, each with
its norm first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import openvino as ov
from openvino import opset14 as op

from diarist.adapters.transcription_engines.openvino_layers import Weights, joined, layers, linear, norm, parted

FRAMES = 3000
"""Mel frames of a window of 30 s."""


def encoder_graph(weights: Weights) -> Any:
    """An `ov.Model` from mel features, shape (1, bands, 3000), to states, shape (1, 1500, width); raises `KeyError`."""
    bands = weights["encoder/conv1/weight"].shape[1]
    features = op.parameter([1, bands, FRAMES], np.float32, name="features")
    states: Any = features
    for number, stride in ((1, 1), (2, 2)):
        kernel, bias = weights[f"encoder/conv{number}/weight"], weights[f"encoder/conv{number}/bias"]
        convolved = op.convolution(states, op.constant(kernel), [stride], [1], [1], [1])
        states = op.gelu(op.add(convolved, op.constant(bias.reshape(1, -1, 1))), "erf")
    states = op.transpose(states, [0, 2, 1])
    states = op.add(states, op.constant(weights["encoder/position_encodings/encodings"][np.newaxis]))
    heads = int(weights["encoder/num_heads"])
    for layer in layers(weights, "encoder"):
        normed = norm(states, weights, f"{layer}/self_attention/layer_norm")
        states = op.add(states, _attention(normed, weights, f"{layer}/self_attention", heads))
        normed = norm(states, weights, f"{layer}/ffn/layer_norm")
        inner = op.gelu(linear(normed, weights, f"{layer}/ffn/linear_0"), "erf")
        states = op.add(states, linear(inner, weights, f"{layer}/ffn/linear_1"))
    return ov.Model([norm(states, weights, "encoder/layer_norm")], [features], "whisper-encoder")


def _attention(states: Any, weights: Weights, name: str, heads: int) -> Any:
    together = linear(states, weights, f"{name}/linear_0")
    query, key, value = (parted(part, heads) for part in op.split(together, 2, 3).outputs())
    mixed = op.scaled_dot_product_attention(query, key, value)
    return linear(joined(mixed), weights, f"{name}/linear_1")
