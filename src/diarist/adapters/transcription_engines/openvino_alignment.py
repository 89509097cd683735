"""When each token of a text sounds, by where the decoder looked while it was read.

As in openai/whisper (`timing.find_alignment`), and so in CTranslate2: what some heads looked at, each token's against that of the
others, a median over seven states, the mean of the heads, and the path through it along which most is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import openvino as ov
from openvino import Type
from openvino import opset14 as op

from diarist.adapters.transcription_engines.openvino_decoder_graph import STATES, Heads
from diarist.adapters.transcription_engines.openvino_layers import Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WIDE = 7
"""States over which the median is taken."""
_ORDERED = ((0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6), (2, 3), (3, 6), (4, 5), (1, 4), (1, 3), (3, 4))
"""Pairs of seven values; once each was put in order, the fourth is the median."""
_LEAST = 1e-6
"""Of a deviation, so that nothing is divided by 0."""


def alignment_graph(weights: Weights, heads: Heads, kind: Type) -> Any:
    """An `ov.Model` that tells how much each token looks at each state, shape (tokens, states), in deviations.

    Takes `queries`, shape (heads, tokens, width of a head), `keys`, shape (1, heads, 1500, width of a head) of type `kind`, and
    how many `states` hold sound, shape (1,).
    """
    size = weights["decoder/embeddings/weight"].shape[1] // int(weights["decoder/num_heads"])
    queries = op.parameter([len(heads), -1, size], np.float32)
    keys = op.parameter([1, len(heads), STATES, size], kind)
    states = op.parameter([1], np.int64)
    sounding = op.slice(op.convert(op.squeeze(keys, _numbers(0)), Type.f32), _numbers(0), states, _numbers(1), _numbers(1))
    looked = op.matmul(op.multiply(queries, op.constant(np.float32(size**-0.5))), sounding, transpose_a=False, transpose_b=True)
    weighed = op.softmax(looked, -1)
    off = op.subtract(weighed, op.reduce_mean(weighed, _numbers(1), keep_dims=True))
    deviation = op.sqrt(op.reduce_mean(op.multiply(off, off), _numbers(1), keep_dims=True))
    compared = op.divide(off, op.maximum(deviation, op.constant(np.float32(_LEAST))))
    mean = op.reduce_mean(_median(compared, states), _numbers(0), keep_dims=False)
    for name, parameter in (("queries", queries), ("keys", keys), ("states", states)):
        parameter.output(0).set_names({name})
    return ov.Model([mean], [queries, keys, states], "whisper-alignment")


def first_states(looked: NDArray[np.float32]) -> list[int]:
    """The state at which each token begins, by what it looks at, shape (tokens, states): a path that goes back in neither.

    It is that of dynamic time warping. A row of it is found at once: from a state on, it costs what it has cost up to there, less
    what the row costs before it, and all that is needed of that is its least value so far.
    """
    costs = -looked.astype(np.float64)
    many = costs.shape[1]
    places = np.arange(many)
    path = np.full(many, np.inf)
    path[0] = 0.0  # before the first token, and its first state
    begun: list[NDArray[Any]] = []
    steps: list[NDArray[Any]] = []
    for number, row in enumerate(costs):
        # To here from the token before, at the state before or at this one.
        diagonal = np.concatenate(([np.inf], path[:-1])) if number else np.full(many, np.inf)
        steps.append(diagonal <= path)
        spent = np.cumsum(row)
        entry = np.minimum(diagonal, path) - spent + row
        least = np.minimum.accumulate(entry)
        begun.append(np.maximum.accumulate(np.where(entry == least, places, 0)))
        path = least + spent
    firsts: list[int] = []
    state = many - 1
    for begins, step in zip(reversed(begun), reversed(steps), strict=True):
        first = int(begins[state])
        firsts.append(first)
        state = first - 1 if step[first] else first
    return firsts[::-1]


def _median(values: Any, states: Any) -> Any:
    """Over neighbours on the last axis, which is reflected at its ends."""
    edge = op.constant(np.array([0, 0, _WIDE // 2]))
    padded = op.pad(values, edge, edge, "reflect")
    near = [op.slice(padded, _numbers(k), op.add(states, _numbers(k)), _numbers(1), _numbers(2)) for k in range(_WIDE)]
    for low, high in _ORDERED:
        near[low], near[high] = op.minimum(near[low], near[high]), op.maximum(near[low], near[high])
    return near[_WIDE // 2]


def _numbers(*values: int) -> Any:
    return op.constant(np.array(values, np.int64))
