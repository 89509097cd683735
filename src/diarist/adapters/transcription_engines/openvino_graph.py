"""Whisper's audio encoder as an OpenVINO graph, built from the very weights that CTranslate2 uses.

The network is the encoder of Radford et al. 2022, section 2.2: two convolutions, positions, then transformer blocks, each with
its norm first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import openvino as ov
from openvino import opset14 as op

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRAMES = 3000
"""Mel frames of a window of 30 s."""
_EPSILON = 1e-5
Weights = dict[str, "NDArray[Any]"]


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
    layers = {name.split("/")[1] for name in weights if name.startswith("encoder/layer_") and "norm" not in name.split("/")[1]}
    for number in range(len(layers)):
        layer = f"encoder/layer_{number}"
        normed = _norm(states, weights, f"{layer}/self_attention/layer_norm")
        states = op.add(states, _attention(normed, weights, f"{layer}/self_attention", heads))
        normed = _norm(states, weights, f"{layer}/ffn/layer_norm")
        inner = op.gelu(_linear(normed, weights, f"{layer}/ffn/linear_0"), "erf")
        states = op.add(states, _linear(inner, weights, f"{layer}/ffn/linear_1"))
    return ov.Model([_norm(states, weights, "encoder/layer_norm")], [features], "whisper-encoder")


def _attention(states: Any, weights: Weights, name: str, heads: int) -> Any:
    together = _linear(states, weights, f"{name}/linear_0")
    query, key, value = (
        op.transpose(op.reshape(part, [0, 0, heads, -1], special_zero=True), [0, 2, 1, 3])
        for part in op.split(together, 2, 3).outputs()
    )
    mixed = op.transpose(op.scaled_dot_product_attention(query, key, value), [0, 2, 1, 3])
    return _linear(op.reshape(mixed, [0, 0, -1], special_zero=True), weights, f"{name}/linear_1")


def _linear(states: Any, weights: Weights, name: str) -> Any:
    product = op.matmul(states, op.constant(weights[f"{name}/weight"]), transpose_a=False, transpose_b=True)
    return op.add(product, op.constant(weights[f"{name}/bias"]))


def _norm(states: Any, weights: Weights, name: str) -> Any:
    even = op.mvn(states, [-1], normalize_variance=True, eps=_EPSILON, eps_mode="inside_sqrt")
    return op.add(op.multiply(even, op.constant(weights[f"{name}/gamma"])), op.constant(weights[f"{name}/beta"]))
