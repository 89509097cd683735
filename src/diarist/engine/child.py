"""Serves `process.py` from a child process, with the engine that the settings name."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from diarist.child.figures import computed_on_cards, note, notes_are_about
from diarist.child.memory import give_rest_back
from diarist.child.serve import Handler
from diarist.child.wire import Message
from diarist.domain.audio import Span
from diarist.domain.transcript import Segment, Withdrawn
from diarist.errors import EngineFailed
from diarist.plugins import load
from diarist.ports.transcription_engine import EngineOptions, Guidance, OpenEngine, TranscriptionEngine
from diarist.telemetry.tracing import span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def open_engine(options: Mapping[str, Any]) -> Handler:
    """The handler of the methods `transcribe` and `warm_up`, with its model loaded."""
    values = dict(options)
    opener: OpenEngine = load("diarist.transcription_engines", values.pop("engine"))
    began = time.perf_counter()
    engine = opener(EngineOptions(**values))
    notes_are_about(engine=engine.name, model=engine.model)
    note("loaded", seconds=time.perf_counter() - began)

    def handler(method: str, params: Mapping[str, Any], _payload: bytes) -> Iterator[Message]:
        return _transcribe(engine, params) if method == "transcribe" else iter(())

    return handler


def _transcribe(engine: TranscriptionEngine, params: Mapping[str, Any]) -> Iterator[Message]:
    began = time.perf_counter()
    speech = [Span(start, end) for start, end in params["speech"]]
    seconds = sum(one.duration for one in speech)
    with span("decode"):
        samples = _samples(params["path"])
    with span("hear") as heard:
        hearing = engine.transcribe(samples, speech, msgspec.convert(params["guidance"], Guidance))
        for segment in hearing.segments:
            yield Message({"segment": msgspec.to_builtins(segment)})
        heard.note({"diarist.engine": engine.name, "diarist.model": engine.model, "diarist.audio_seconds": seconds})
    about = {"language": hearing.language, "language_probability": hearing.language_probability}
    withdrawn = [msgspec.to_builtins(_withdrawn(segment)) for segment in hearing.replaced]
    took = time.perf_counter() - began
    note("heard", seconds=took, speech=seconds)
    computed_on_cards(took * getattr(engine, "cards", 0))
    give_rest_back()  # else what each chunk leaves adds up
    yield Message({**about, "engine": engine.name, "model": engine.model, "withdrawn": withdrawn})


def _withdrawn(segment: Segment) -> Withdrawn:
    return Withdrawn(start=segment.start, end=segment.end, text=segment.text, suspicions=segment.suspicions, replaced=True)


def _samples(path: str) -> NDArray[np.float32]:
    """A chunk as `audio/flac.py` wrote it: 16 kHz mono in 16 bits."""
    import av
    import numpy as np

    try:
        with av.open(path, "r", format="flac") as container:
            pieces = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    except (av.FFmpegError, IndexError) as error:
        raise EngineFailed("A stored chunk cannot be decoded.") from error
    if not pieces:  # FFmpeg finds nothing wrong with a file that holds nothing
        raise EngineFailed("A stored chunk cannot be decoded.")
    samples: NDArray[np.float32] = np.concatenate(pieces).astype(np.float32) / np.float32(32_768)
    return samples
