"""Tokens are timed as openai/whisper times them, which is written down here once more, slowly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

ov = pytest.importorskip("openvino")

from diarist.adapters.transcription_engines.openvino_alignment import alignment_graph, first_states  # noqa: E402

HEADS, TOKENS, SIZE = 3, 9, 8


def path_of(costs: NDArray[np.float64]) -> list[int]:
    """The first state of each token, by dynamic time warping step by step."""
    tokens, states = costs.shape
    spent = np.full((tokens + 1, states + 1), np.inf)
    spent[0, 0] = 0.0
    for token in range(tokens):
        for state in range(states):
            spent[token + 1, state + 1] = costs[token, state] + min(
                spent[token, state], spent[token, state + 1], spent[token + 1, state]
            )
    firsts = [0] * tokens
    token, state = tokens, states
    while token > 0:
        firsts[token - 1] = state - 1
        steps = {(-1, -1): spent[token - 1, state - 1], (-1, 0): spent[token - 1, state], (0, -1): spent[token, state - 1]}
        down, left = min(steps, key=steps.__getitem__)
        token, state = token + down, state + left
    return firsts


@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.integers(1, 20))
def test_the_path_is_that_of_dynamic_time_warping(seed: int, tokens: int, states: int) -> None:
    looked = np.random.default_rng(seed).standard_normal((tokens, states)).astype(np.float32)
    assert first_states(looked) == path_of(-looked.astype(np.float64))


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(4, 1500))
def test_what_is_looked_at_is_compared_smoothed_and_averaged(seed: int, states: int) -> None:
    chance = np.random.default_rng(seed)
    queries = chance.standard_normal((HEADS, TOKENS, SIZE)).astype(np.float32)
    keys = chance.standard_normal((1, HEADS, 1500, SIZE)).astype(np.float32)
    weights = {"decoder/embeddings/weight": np.zeros((1, 2 * SIZE), np.float32), "decoder/num_heads": np.array(2)}
    graph = alignment_graph(weights, [(0, 0), (0, 1), (1, 0)], ov.Type.f32)
    compiled = ov.Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    found = compiled({"queries": queries, "keys": keys, "states": np.array([states])})[0]

    looked = queries @ keys[0, :, :states].swapaxes(1, 2) * SIZE**-0.5
    weighed = np.exp(looked - looked.max(axis=2, keepdims=True))
    weighed /= weighed.sum(axis=2, keepdims=True)
    compared = (weighed - weighed.mean(axis=1, keepdims=True)) / weighed.std(axis=1, keepdims=True)
    padded = np.pad(compared, ((0, 0), (0, 0), (3, 3)), mode="reflect")
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(padded, 7, axis=2), axis=3)
    assert found.shape == (TOKENS, states)
    assert np.allclose(found, smooth.mean(axis=0), atol=1e-3)
