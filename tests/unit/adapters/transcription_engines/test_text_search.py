"""The likeliest text is found among several, none is cut short, and no more are followed than are in doubt."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from diarist.adapters.transcription_engines.text_search import Lane, TextSearch

END = 0
Model = Callable[[Sequence[int]], Mapping[int, float]]
"""How likely each token is after a text."""


def search(model: Model, *, beam: int = 5, room: int = 40, choices: int = 5) -> tuple[Lane, list[int]]:
    """What is found, and how many texts were followed at each step."""
    searching = TextSearch(beam, END, room)
    followed = []
    while not searching.found:
        followed.append(len(searching.lanes))
        tokens = np.full((len(searching.lanes), choices), END)
        logprobs = np.full((len(searching.lanes), choices), -np.inf)
        for row, lane in enumerate(searching.lanes):
            likely = sorted(model([one.token for one in lane.text]).items(), key=lambda one: -one[1])[:choices]
            tokens[row, : len(likely)] = [token for token, _ in likely]
            logprobs[row, : len(likely)] = [math.log(probability) for _, probability in likely]
        continued = searching.advance(tokens, logprobs)
        assert len(continued) == (0 if searching.found else len(searching.lanes))
    return searching.found, followed


def said(lane: Lane) -> list[int]:
    return [one.token for one in lane.text if one.token != END]


def garden_path(text: Sequence[int]) -> Mapping[int, float]:
    """What is likelier at first, 1, is followed by doubts."""
    match list(text):
        case []:
            return {1: 0.6, 2: 0.4}
        case [1]:
            return {3: 0.3, 4: 0.3, 5: 0.2}
        case [2]:
            return {6: 0.9, 7: 0.1}
    return {END: 1.0}


def test_one_text_follows_what_is_likelier_at_each_step() -> None:
    assert said(search(garden_path, beam=1)[0]) == [1, 3]


def test_several_find_what_is_likelier_as_a_whole() -> None:
    found, _ = search(garden_path)
    assert said(found) == [2, 6]
    assert math.isclose(found.total, math.log(0.4 * 0.9))
    assert [one.logprob for one in found.text] == [math.log(0.4), math.log(0.9), 0.0]


def test_a_text_that_could_end_but_rather_goes_on_goes_on() -> None:
    """However much longer it becomes, and so less likely than its beginning alone."""

    def long(text: Sequence[int]) -> Mapping[int, float]:
        return {END: 0.4, 1 + len(text): 0.6} if len(text) < 30 else {END: 1.0}

    assert said(search(long)[0]) == list(range(1, 31))


def test_a_text_without_an_end_is_as_long_as_its_room() -> None:
    found, _ = search(lambda text: {1 + len(text) % 3: 0.9, 9: 0.1}, room=7)
    assert len(said(found)) == 7
    assert found.token != END


def test_of_two_that_come_to_the_same_words_one_is_followed() -> None:
    """One word has two spellings, one of them a token longer; after that, all is clear."""
    spelled = ([1, 2, 3], [4, 3])
    rest = [10, 11, 12, 13, 14, 15, 16]

    def clear(text: Sequence[int]) -> Mapping[int, float]:
        said_so_far = list(text)
        if not said_so_far:
            return {1: 0.5, 4: 0.5}
        for spelling in spelled:
            whole = [*spelling, *rest, END]
            if said_so_far == whole[: len(said_so_far)]:
                return {whole[len(said_so_far)]: 0.98, 99: 0.02}
        return {END: 1.0}

    found, followed = search(clear)
    assert said(found)[-len(rest) :] == rest
    assert max(followed) == 2
    assert followed[-4:] == [1] * 4


@given(st.randoms(use_true_random=False), st.integers(1, 5), st.integers(1, 12))
def test_what_is_found_is_as_likely_as_its_tokens(random: object, beam: int, room: int) -> None:
    table: dict[tuple[int, ...], Mapping[int, float]] = {}

    def model(text: Sequence[int]) -> Mapping[int, float]:
        key = tuple(text)
        if key not in table:
            weights = [random.random() + 0.01 for _ in range(4)]  # type: ignore[attr-defined]
            table[key] = {token: weight / sum(weights) for token, weight in enumerate(weights)}
        return table[key]

    found, followed = search(model, beam=beam, room=room)
    tokens = [one.token for one in found.text]
    likely = [math.log(model(tokens[:place])[token]) for place, token in enumerate(tokens)]
    assert math.isclose(found.total, sum(likely), abs_tol=1e-9)
    assert max(followed) <= beam
    assert tokens[-1] == END or len(tokens) == room
    assert END not in tokens[:-1]
