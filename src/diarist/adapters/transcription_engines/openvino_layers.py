"""The layers that Whisper's encoder and decoder are made of, as parts of OpenVINO graphs with the weights of CTranslate2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from openvino import Type
from openvino import opset14 as op

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EPSILON = 1e-5
Weights = dict[str, "NDArray[Any]"]
"""By CTranslate2's names."""


def linear(states: Any, weights: Weights, name: str) -> Any:
    """A matrix product and a bias."""
    product = op.matmul(states, matrix(weights[f"{name}/weight"]), transpose_a=False, transpose_b=True)
    return op.add(product, op.constant(weights[f"{name}/bias"]))


def matrix(values: NDArray[np.float32]) -> Any:
    """A constant, in half of the memory where that loses nothing: most files hold their numbers so."""
    halved = values.astype(np.float16)
    if np.array_equal(halved, values):
        return op.convert(op.constant(halved), Type.f32)
    return op.constant(values)


def norm(states: Any, weights: Weights, name: str) -> Any:
    """Each state with mean 0 and variance 1, then scaled and moved."""
    even = op.mvn(states, [-1], normalize_variance=True, eps=_EPSILON, eps_mode="inside_sqrt")
    return op.add(op.multiply(even, op.constant(weights[f"{name}/gamma"])), op.constant(weights[f"{name}/beta"]))


def parted(states: Any, heads: int) -> Any:
    """Shape (batch, length, width) to (batch, heads, length, width of a head)."""
    return op.transpose(op.reshape(states, [0, 0, heads, -1], special_zero=True), [0, 2, 1, 3])


def joined(states: Any) -> Any:
    """The way back."""
    return op.reshape(op.transpose(states, [0, 2, 1, 3]), [0, 0, -1], special_zero=True)


def layers(weights: Weights, part: str) -> list[str]:
    """The names of the blocks of `part`, "encoder" or "decoder", in order."""
    found = {name.split("/")[1] for name in weights if name.startswith(f"{part}/layer_") and "norm" not in name.split("/")[1]}
    return [f"{part}/layer_{number}" for number in range(len(found))]
