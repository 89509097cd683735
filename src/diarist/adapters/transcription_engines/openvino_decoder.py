"""Whisper's decoder, compiled for this processor by OpenVINO: reads several windows greedily, and times what it read."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import LifoQueue
from typing import TYPE_CHECKING, Any

import numpy as np

from diarist.adapters.transcription_engines.openvino_compiling import Compiler
from diarist.errors import ModelUnavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray


_TOLD = ("best", "logprob", "no_speech_logprob", "queries")


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


@dataclass(slots=True)
class Reading:
    """What was read in one window."""

    no_speech_prob: float
    keys: Any
    """By which it is timed; a tensor of shape (1, heads, 1500, width of a head)."""
    queries: list[NDArray[np.float32]]
    """And what looked for them: for the tokens from the prompt's start on; shape (heads, tokens, width of a head) each."""
    tokens: list[int] = field(default_factory=list)
    """Without the one that ends the text."""
    logprobs: list[float] = field(default_factory=list)
    """Of each, and of the end where it was reached."""

    @property
    def ended(self) -> bool:
        """Or else its room was used up."""
        return len(self.logprobs) > len(self.tokens)

    def note(self, token: int, logprob: float, query: NDArray[np.float32], end: int) -> None:
        """What comes next, and by what it was found."""
        self.queries.append(query)
        self.logprobs.append(logprob)
        if token != end:
            self.tokens.append(token)


class Decoder:
    """Several threads may call it at once."""

    def __init__(self, compiler: Compiler, model: Path) -> None:
        """`model`: a CTranslate2 directory. Raises `ModelUnavailable`."""
        from openvino import Type

        from diarist.adapters.transcription_engines import openvino_alignment, openvino_decoder_graph

        kind = Type.bf16 if compiler.precision == "bf16" else Type.f32
        heads = _alignment_heads(model)

        def compiled(name: str, build: Any, *, exact: bool = False) -> Any:
            return compiler.compiled(f"{name} 1 {heads}", "decoder", partial(build, heads=heads, kind=kind), exact=exact)

        graphs = (
            compiled("sound", openvino_decoder_graph.sound_graph),
            compiled("decoder", openvino_decoder_graph.decoder_graph),
            compiled("alignment", openvino_alignment.alignment_graph, exact=True),
        )
        self._desks: LifoQueue[_Desk] = LifoQueue()
        for _ in range(compiler.workers):
            self._desks.put(_Desk(*(graph.create_infer_request() for graph in graphs)))

    def read(self, states: NDArray[np.float32], prompt: Prompt) -> list[Reading]:
        """The likeliest token, one after the other, for each window as the encoder gives it: shape (windows, 1500, width)."""
        with self._desk() as desk:
            return desk.read(states, prompt)

    def times(self, reading: Reading, states: int) -> list[int]:
        """The first state of each token and of the text's end, of so many `states` that hold sound."""
        from diarist.adapters.transcription_engines.openvino_alignment import first_states

        with self._desk() as desk:
            looked = desk.looked(reading, states)
        # By what is looked at before a token it is said; the end of a text that was cut off was never asked for.
        many = len(reading.logprobs)
        return [*first_states(looked[-many:]), *([] if reading.ended else [states])]

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
        rows, second = list(range(len(states))), prompt.start + 1
        self._show(len(rows))
        free = self._scores(prompt.suppressed)
        told = self._step([prompt.tokens[:second]] * len(rows), 0, self._scores(()), prompt.no_speech)
        readings = [
            Reading(float(np.exp(logprob)), key, [query[:, prompt.start :]])
            for logprob, key, query in zip(told["no_speech_logprob"], keys, told["queries"], strict=True)
        ]
        first = self._scores({*prompt.suppressed, *prompt.suppressed_first})
        told = self._step([prompt.tokens[second:]] * len(rows), second, first, prompt.no_speech)
        open_readings, place = list(readings), len(prompt.tokens)
        while True:
            for reading, token, logprob, query in zip(
                open_readings, told["best"], told["logprob"], told["queries"], strict=True
            ):
                reading.note(int(token), float(logprob), query, prompt.end)
            rows = [
                row for row, reading in enumerate(open_readings) if not reading.ended and len(reading.tokens) < prompt.room
            ]
            if not rows:
                return readings
            if len(rows) < len(open_readings):
                rows = self._close_up(rows)
                open_readings = [open_readings[row] for row in rows]
            told = self._step([reading.tokens[-1:] for reading in open_readings], place, free, prompt.no_speech)
            place += 1

    def looked(self, reading: Reading, states: int) -> NDArray[np.float32]:
        """How much each token looks at each state; shape (tokens, states)."""
        self._alignment.set_tensor("keys", reading.keys)
        queries = np.concatenate(reading.queries, axis=1)
        found: NDArray[np.float32] = self._alignment.infer({"queries": queries, "states": np.array([states])})[0]
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
        from openvino import Tensor

        many = len(rows)
        late = iter([row for row in rows if row >= many])
        places = [place if place in rows else next(late) for place in range(many)]
        for held in self._held:
            for place, row in enumerate(places):
                if place != row:
                    _rows(held, row, row + 1).copy_to(_rows(held, place, place + 1))
        self._show(many)
        for state in self._decoder.query_state():
            state.state = Tensor(np.array(state.state.data)[places])
        return places

    def _step(
        self, tokens: Sequence[Sequence[int]], place: int, scores: NDArray[np.float32], no_speech: int
    ) -> dict[str, NDArray[Any]]:
        long = len(tokens[0])
        mask = np.triu(np.full((long, place + long), -np.inf, np.float32), place + 1)
        given = {
            "tokens": np.array(tokens, np.int64),
            "positions": np.arange(place, place + long),
            "mask": mask,
            "scores": scores,
            "no_speech": np.array([no_speech]),
        }
        self._decoder.infer(given, share_inputs=True)
        return {name: np.array(self._decoder.get_tensor(name).data) for name in _TOLD}

    def _scores(self, suppressed: Collection[int]) -> NDArray[np.float32]:
        scores = np.zeros(self._vocabulary, np.float32)
        scores[list(suppressed)] = -np.inf
        return scores


def _rows(tensor: Any, start: int, end: int) -> Any:
    """Some windows of a tensor; what is written to them is written to it."""
    from openvino import Tensor

    shape = list(tensor.shape)
    return Tensor(tensor, [start, *[0] * (len(shape) - 1)], [end, *shape[1:]])


def _alignment_heads(model: Path) -> list[tuple[int, int]]:
    """Those that the model's configuration names."""
    try:
        found = json.loads((model / "config.json").read_text())["alignment_heads"]
        return [(int(layer), int(head)) for layer, head in found]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"The configuration of the model {model.name} names no heads to time words by: {error}") from error
