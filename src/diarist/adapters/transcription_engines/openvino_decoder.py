"""Whisper's decoder, compiled for this processor by OpenVINO: reads several windows at once, and times what it read."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import LifoQueue
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from diarist.adapters.transcription_engines.openvino_compiling import Compiler
from diarist.adapters.transcription_engines.text_search import TextSearch
from diarist.errors import ModelUnavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray


Given = TypeVar("Given")
MOST_TEXTS = 5
"""That can be followed at once: as many next tokens are told of each."""
_TOLD = ("next", "logprobs", "no_speech_logprob", "queries")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What stands before the text of each window, and how the text may go on."""

    tokens: Sequence[int]
    start: int
    """Where among them the model says whether it hears speech; at least one comes behind it."""
    no_speech: int
    """The token that says that there is none."""
    end: int
    """The one that ends a text."""
    suppressed: Collection[int]
    """Those that no text has."""
    suppressed_first: Collection[int]
    """Those that none begins with, besides."""
    room: int
    """Tokens of a text at most."""
    beam: int
    """Texts that are followed at once at most."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in one window."""

    tokens: list[int]
    """Without the one that ends the text."""
    logprobs: list[float]
    """Of each, and of the end where it was reached: or else the room was used up."""
    no_speech_prob: float
    keys: Any
    """By which it is timed; a tensor of shape (1, heads, 1500, width of a head)."""
    queries: NDArray[np.float32]
    """And what looked for them: the tokens from the prompt's start on; shape (heads, tokens, width of a head)."""


class Decoder:
    """Several threads may call it at once."""

    def __init__(self, compiler: Compiler, model: Path) -> None:
        """`model`: a CTranslate2 directory. Raises `ModelUnavailable`."""
        from openvino import Type

        from diarist.adapters.transcription_engines import openvino_alignment, openvino_decoder_graph

        kind = Type.bf16 if compiler.precision == "bf16" else Type.f32
        heads = alignment_heads(model)

        def compiled(name: str, build: Any, *, exact: bool = False) -> Any:
            return compiler.compiled(f"{name} 1 {heads}", "decoder", partial(build, heads=heads, kind=kind), exact=exact)

        graphs = (
            compiled("sound", openvino_decoder_graph.sound_graph),
            compiled("decoder", partial(openvino_decoder_graph.decoder_graph, choices=MOST_TEXTS)),
            compiled("alignment", openvino_alignment.alignment_graph, exact=True),
        )
        self._desks: LifoQueue[_Desk] = LifoQueue()
        for _ in range(compiler.workers):
            self._desks.put(_Desk(*(graph.create_infer_request() for graph in graphs)))

    def read(self, states: NDArray[np.float32], prompt: Prompt) -> list[Reading]:
        """The likeliest text of each window as the encoder gives it: shape (windows, 1500, width). Raises `RuntimeError`."""
        with self._desk() as desk:
            return desk.read(states, prompt)

    def times(self, reading: Reading, states: int) -> list[int]:
        """The first state of each token and of the text's end, of so many `states` that hold sound."""
        from diarist.adapters.transcription_engines.openvino_alignment import first_states

        with self._desk() as desk:
            looked = desk.looked(reading, states)
        # A token is said where the one before it looks, the first where the prompt's last does.
        return first_states(looked[-len(reading.tokens) - 1 :])

    @contextmanager
    def _desk(self) -> Iterator[_Desk]:
        desk = self._desks.get()
        try:
            yield desk
        finally:
            self._desks.put(desk)


class _Desk:
    """Reads one batch at a time, and keeps the memory for the next."""

    def __init__(self, sound: Any, decoder: Any, alignment: Any) -> None:
        self._sound, self._decoder, self._alignment = sound, decoder, alignment
        self._vocabulary = decoder.get_tensor("scores").shape[0]
        self._held: list[Any] = []
        """By layer the keys and the values of all windows' sound."""

    def read(self, states: NDArray[np.float32], prompt: Prompt) -> list[Reading]:
        keys = self._look_at(states)
        self._decoder.reset_state()
        self._show(len(states))
        windows, second = list(range(len(states))), prompt.start + 1
        alone = [1] * len(windows)
        free, first = self._scores(prompt.suppressed), self._scores({*prompt.suppressed, *prompt.suppressed_first})
        asked = self._step([prompt.tokens[:second]] * len(windows), 0, windows, alone, self._scores(()), prompt)
        told = self._step([prompt.tokens[second:]] * len(windows), second, windows, alone, first, prompt)
        before = np.concatenate((asked["queries"][:, :, prompt.start :], told["queries"]), axis=2)
        searches = [TextSearch(prompt.beam, prompt.end, prompt.room) for _ in windows]
        going_on, place, width = searches, len(prompt.tokens), 1
        while True:
            edges = np.cumsum([len(search.lanes) for search in going_on])[:-1]
            choices = zip(*(np.split(told[name], edges) for name in ("next", "logprobs")), strict=True)
            continued = [search.advance(*its) for search, its in zip(going_on, choices, strict=True)]
            left = [row for row, lanes in enumerate(continued) if lanes]
            if not left:
                break
            if len(left) < len(going_on):
                left = self._close_up(left)
            rows = [[row * width + lane for lane in continued[row]] for row in left]
            going_on = [going_on[row] for row in left]
            width = max(map(len, rows))
            tokens = [_filled([lane.token for lane in search.lanes], width) for search in going_on]
            continued_rows = [row for lanes in rows for row in _filled(lanes, width)]
            told = self._step(tokens, place, continued_rows, [len(lanes) for lanes in rows], free, prompt)
            for search, queries in zip(going_on, told["queries"], strict=True):
                for lane, query in zip(search.lanes, queries.swapaxes(0, 1), strict=False):
                    lane.query = query
            place += 1
        quiet = np.exp(asked["no_speech_logprob"][:, 0])
        return [
            _reading(search, prompt.end, float(probability), key, query)
            for search, probability, key, query in zip(searches, quiet, keys, before, strict=True)
        ]

    def looked(self, reading: Reading, states: int) -> NDArray[np.float32]:
        """How much each token looks at each state; shape (tokens, states)."""
        self._alignment.set_tensor("keys", reading.keys)
        found: NDArray[np.float32] = self._alignment.infer({"queries": reading.queries, "states": np.array([states])})[0]
        return found

    def _look_at(self, states: NDArray[np.float32]) -> list[Any]:
        """Lay out what the decoder looks at in each window; returns what times are told by."""
        from openvino import Tensor

        outputs = self._sound.model_outputs
        if not self._held or self._held[0].shape[0] < len(states):
            self._held = [Tensor(one.element_type, [len(states), *one.shape[1:]]) for one in outputs[:-1]]
        keys = []
        for number, window in enumerate(states):
            keys.append(Tensor(outputs[-1].element_type, outputs[-1].shape))
            places = [_rows(held, number, number + 1) for held in self._held]
            for one, place in zip(outputs, [*places, keys[-1]], strict=True):
                self._sound.set_tensor(one, place)
            self._sound.infer([window[np.newaxis]])
        return keys

    def _show(self, windows: int) -> None:
        for layer in range(len(self._held) // 2):
            self._decoder.set_tensor(f"key_{layer}", _rows(self._held[2 * layer], 0, windows))
            self._decoder.set_tensor(f"value_{layer}", _rows(self._held[2 * layer + 1], 0, windows))

    def _close_up(self, rows: Sequence[int]) -> list[int]:
        """Leave out all other windows, so that none is looked at for nothing; returns the rows at their new places."""
        many = len(rows)
        late = iter([row for row in rows if row >= many])
        places = [place if place in rows else next(late) for place in range(many)]
        for held in self._held:
            for place, row in enumerate(places):
                if place != row:
                    _rows(held, row, row + 1).copy_to(_rows(held, place, place + 1))
        self._show(many)
        return places

    def _step(
        self, tokens: Sequence[Sequence[int]], place: int, rows: Sequence[int], lanes: Sequence[int], scores: Any, prompt: Prompt
    ) -> dict[str, NDArray[Any]]:
        """Go on from `place` with tokens by window: the last of each lane, filled up to as many, or some of its only one."""
        columns, width = len(tokens[0]), max(lanes)
        new = columns // width
        given = {
            "tokens": np.array(tokens, np.int64),
            "positions": np.arange(place, place + new).repeat(width),
            "rows": np.array(rows, np.int64),
            "mask": np.triu(np.full((new, place + new), -np.inf, np.float32), place + 1),
            "ends": np.array([(row + 1) * columns - width + lane for row, many in enumerate(lanes) for lane in range(many)]),
            "scores": scores,
            "no_speech": np.array([prompt.no_speech]),
        }
        self._decoder.infer(given, share_inputs=True)
        return {name: np.array(self._decoder.get_tensor(name).data) for name in _TOLD}

    def _scores(self, suppressed: Collection[int]) -> NDArray[np.float32]:
        scores = np.zeros(self._vocabulary, np.float32)
        scores[list(suppressed)] = -np.inf
        return scores


def _reading(search: TextSearch, end: int, quiet: float, keys: Any, before: NDArray[np.float32]) -> Reading:
    if search.found is None:
        raise RuntimeError("what was computed are no numbers")
    lanes = search.found.text
    queries = [lane.query[:, np.newaxis] for lane in lanes if lane.query is not None]
    return Reading(
        tokens=[lane.token for lane in lanes if lane.token != end],
        logprobs=[lane.logprob for lane in lanes],
        no_speech_prob=quiet,
        keys=keys,
        queries=np.concatenate((before, *queries), axis=1),
    )


def _filled(given: Sequence[Given], many: int) -> Sequence[Given]:
    return [*given, *[given[0]] * (many - len(given))]


def _rows(tensor: Any, start: int, end: int) -> Any:
    """Some windows of a tensor; what is written to them is written to it."""
    from openvino import Tensor

    shape = list(tensor.shape)
    return Tensor(tensor, [start, *[0] * (len(shape) - 1)], [end, *shape[1:]])


def alignment_heads(model: Path) -> list[tuple[int, int]]:
    """Those that the model's configuration names."""
    try:
        found = json.loads((model / "config.json").read_text())["alignment_heads"]
        return [(int(layer), int(head)) for layer, head in found]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"The configuration of the model {model.name} names no heads to time words by: {error}") from error
