"""The contract of whatever turns sound into timed text.

Entry-point group `diarist.transcription_engines`: each value is an `OpenEngine`. Engines are synchronous code and run in a
child process of their own; only that process imports them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from diarist.domain.audio import Span
from diarist.domain.manner import SpeechTask
from diarist.domain.transcript import Segment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """What an engine is opened with."""

    model: str
    """`auto`, a local directory, or a name that the engine knows; the engine finds it."""
    cache_dir: str
    """A directory for files that may be deleted at any time."""
    device: str = "auto"
    compute_type: str = "auto"
    """What it computes with, as the engine calls it, such as `int8`."""
    threads: int = 0
    """CPU threads; 0 leaves it to the engine."""
    beam_size: int | None = None
    """Texts to follow at once; None leaves it to the engine."""
    server_url: str = ""
    """For engines that ask a server."""
    api_key: str = field(default="", repr=False)
    """The server's; never to be logged."""
    server_timeout: float = 300.0
    """Seconds that the server may take for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What is known of a chunk before it is heard."""

    language: str | None = None
    """ISO 639-1, or None to detect it."""
    languages: tuple[str, ...] = ()
    """Those that may be detected, ISO 639-1; empty for all that the model knows."""
    vocabulary: tuple[str, ...] = ()
    """Names and words that are likely to be said; engines that cannot use them go without."""
    task: SpeechTask = SpeechTask.TRANSCRIBE
    """Engines that cannot translate raise `EngineCannot`; `Hearing.language` is the spoken one in any case."""
    temperature: float = 0.0
    """0 for the most probable text; up to 1 texts are drawn by chance, and engines that cannot do so raise `EngineCannot`."""
    model: str = ""
    """The id of the model that was asked for, see `engine/routes.py`; engines need not look at it."""
    careful: bool = False
    """Whether what was heard at first is doubted: hear by other means than at first, however long that takes."""
    recording_seconds: float | None = None
    """Length of the whole recording, where that is known."""

    @property
    def possible_languages(self) -> tuple[str, ...]:
        """The languages that may be spoken, ISO 639-1; empty for all."""
        return (self.language,) if self.language else self.languages

    @property
    def only_language(self) -> str | None:
        """The language, where no other may be spoken."""
        return self.possible_languages[0] if len(self.possible_languages) == 1 else None


UNGUIDED = Guidance()

UNCONFIRMED = "unconfirmed"
"""The suspicion of an engine that doubted a text of its own, heard it again by other means, and then heard nothing."""
DOUBTED = "doubted"
"""The suspicion of an engine that doubted a text of its own, heard it again by other means, and then heard other words."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """An engine's answer for one chunk."""

    language: str | None
    """ISO 639-1 code; None when there was no speech to tell it by, or the engine cannot tell."""
    language_probability: float | None
    """1 where it was given or the model knows no other; None when the engine does not say."""
    segments: Iterator[Segment]
    """In order of time, each as soon as it is known; times are seconds from the start of the samples."""
    replaced: Iterable[Segment] = ()
    """Texts that gave way to other words of the same time, see `DOUBTED`; to be taken once `segments` have come to their end."""


class TranscriptionEngine(Protocol):
    """A loaded model, ready to hear.

    One that computes on graphics cards says on how many in `cards`, so that their time can be told; others need not.
    """

    name: str
    """The entry point's name."""
    model: str
    """What people call the model, such as `base`; never a path."""

    def transcribe(self, samples: NDArray[np.float32], speech: Sequence[Span], guidance: Guidance = UNGUIDED) -> Hearing:
        """Hear one chunk.

        `samples`: shape (n,), float32 in [-1, 1], mono, 16 kHz. `speech`: where voice was heard, in seconds, ascending; the
        engine hears nothing outside it, and no speech means no segments. Raises `EngineFailed`, `EngineCannot`.
        """
        ...

    def close(self) -> None:
        """Free the model."""
        ...


class OpenEngine(Protocol):
    """Loads a model; raises `ModelUnavailable`."""

    def __call__(self, options: EngineOptions) -> TranscriptionEngine: ...
