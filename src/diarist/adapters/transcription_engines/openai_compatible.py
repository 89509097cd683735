"""Any server with OpenAI's POST /v1/audio/transcriptions: it gets the voiced parts, joined, two minutes at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import structlog

from diarist.adapters.transcription_engines.language_names import LANGUAGES, language_code
from diarist.adapters.transcription_engines.openai_server import FieldRefused, Fields, TooLargeForServer, TranscriptionServer
from diarist.adapters.transcription_engines.openai_wire import Answer, read_answer, segments_of
from diarist.adapters.transcription_engines.vocabulary import VOCABULARY_ECHO, echoes, hotwords
from diarist.adapters.transcription_engines.voiced import Voiced
from diarist.adapters.transcription_engines.whisper_codes import known_as
from diarist.adapters.transcription_engines.windows import windows
from diarist.audio.flac import encode_flac, to_pcm
from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.manner import SpeechTask
from diarist.domain.transcript import Segment
from diarist.errors import EngineFailed, EngineRefused
from diarist.ports.transcription_engine import UNGUIDED, EngineOptions, Guidance, Hearing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = structlog.get_logger(__name__)

_WINDOWS = 4
"""Windows of up to 29 s that are sent at once: under 4 MB even without compression, where OpenAI's limit is 25 MB."""
_PROMPT = 400
"""Characters of vocabulary; Whisper has room for 224 tokens."""
_SHORTEST = 0.1
"""Seconds; less than this is no word, and OpenAI takes nothing shorter."""
_CAREFUL = "0.4"
"""Temperature of a second hearing, whose first was greedy."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to ask; servers know some of them."""

    fields: Fields
    timed: bool
    """Whether the answer says when something was said."""


_FORMS = (
    _Form({"response_format": "verbose_json", "timestamp_granularities[]": ["word", "segment"]}, timed=True),
    _Form({"response_format": "json", "include[]": ["logprobs"]}, timed=False),
    _Form({"response_format": "json"}, timed=False),
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is sent at once."""

    voiced: Voiced
    cuts: tuple[Span, ...]
    """Adjoining windows of the joined sound, in seconds."""

    @property
    def span(self) -> Span:
        return Span(self.cuts[0].start, self.cuts[-1].end)

    def flac(self) -> bytes:
        sound = self.voiced.samples[round(self.span.start * SAMPLE_RATE) : round(self.span.end * SAMPLE_RATE)]
        return encode_flac(to_pcm(sound))

    def halves(self) -> tuple[_Piece, _Piece]:
        middle = len(self.cuts) // 2
        return replace(self, cuts=self.cuts[:middle]), replace(self, cuts=self.cuts[middle:])

    def parts(self) -> list[_Piece]:
        """A piece for each voiced part, so that nothing is heard across two of them."""
        found = []
        for part in self.voiced.divided(self.span):
            cuts = (Span(max(part.start, cut.start), min(part.end, cut.end)) for cut in self.cuts)
            if inside := tuple(cut for cut in cuts if cut.duration >= _SHORTEST):
                found.append(replace(self, cuts=inside))
        return found or [self]


def open_engine(options: EngineOptions) -> OpenAiCompatible:
    """Raises `Misconfigured` for an address that is none; the server is not asked yet."""
    server = TranscriptionServer(options.server_url, options.api_key, timeout=options.server_timeout)
    return OpenAiCompatible(server, "whisper-1" if options.model == "auto" else options.model)


class OpenAiCompatible:
    """A `TranscriptionEngine`."""

    name = "openai-compatible"

    def __init__(self, server: TranscriptionServer, model: str) -> None:
        self.model = model.rpartition("/")[2]
        self._asked_for = model
        self._server: TranscriptionServer | None = server
        self._forms = list(_FORMS)
        self._windows = _WINDOWS
        self._joined = True
        """Whether several parts are heard at once; until an answer comes that has times, but no words."""

    def transcribe(self, samples: NDArray[np.float32], speech: Sequence[Span], guidance: Guidance = UNGUIDED) -> Hearing:
        """See the port. Segments of servers that give no times have no words, and last as long as the voice that was heard."""
        if self._server is None:
            raise EngineFailed("The engine is closed.")
        known = guidance.only_language
        fields = _fields(self._asked_for, known, guidance)
        while pieces := list(self._pieces(samples, speech)):
            try:
                first = list(self._answered(pieces[0], fields, guidance.task))
            except FieldRefused as error:
                self._ask_for_less(error)
            else:
                break
        else:
            return Hearing(None, None, iter(()))
        wanted = guidance.possible_languages
        # Of a translation the server tells the language that it is in, not the one that was spoken.
        told = language_code(first[0][1].language, wanted) if guidance.task is SpeechTask.TRANSCRIBE else None
        language = known or told
        given = guidance.vocabulary if "prompt" in fields else ()
        heard = chain(first, self._answers(pieces[1:], fields, guidance.task))
        return Hearing(language, 1.0 if known else None, _placed(heard, language, wanted, given, guidance.task))

    def close(self) -> None:
        """Close the connection."""
        if self._server is not None:
            self._server.close()
        self._server = None

    def _pieces(self, samples: NDArray[np.float32], speech: Sequence[Span]) -> Iterator[_Piece]:
        """All voice joined; where the answer has no times, each part by itself, so that its place at least is known."""
        together = [speech] if self._forms[0].timed else [[span] for span in speech]
        for spans in together:
            voiced = Voiced.of(samples, spans)
            cuts = windows(voiced.samples) if len(voiced.samples) else []
            size = self._windows if self._forms[0].timed else 1
            yield from (_Piece(voiced, tuple(cuts[at : at + size])) for at in range(0, len(cuts), size))

    def _answered(self, piece: _Piece, fields: Fields, task: SpeechTask) -> Iterator[tuple[_Piece, Answer]]:
        """The piece and its answer; those of smaller pieces when it is too large or nothing tells what was said in which part."""
        if smaller := self._smaller(piece):
            for one in smaller:
                yield from self._answered(one, fields, task)
            return
        if self._server is None:
            raise EngineFailed("The engine is closed.")
        try:
            form = self._forms[0].fields
            if task is SpeechTask.TRANSLATE:  # knows no other field of an answer's form
                form = {"response_format": form["response_format"]}
            answer = read_answer(self._server.hear(piece.flac(), {**fields, **form}, task))
        except TooLargeForServer as error:
            if len(piece.cuts) == 1:
                raise EngineRefused("The server does not even take half a minute of sound (413).") from error
            self._windows = len(piece.cuts) // 2
            yield from self._answered(piece, fields, task)
            return
        if self._forms[0].timed and answer.text.strip() and not answer.segments:
            raise FieldRefused("The server answers with text alone.")
        if self._is_torn(piece, answer):
            for part in piece.parts():
                yield from self._answered(part, fields, task)
        else:
            yield piece, answer

    def _smaller(self, piece: _Piece) -> Sequence[_Piece]:
        """What to send in its place, by what is known of the server; empty to send it as it is."""
        if len(piece.cuts) > self._windows:
            return piece.halves()
        parts = () if self._joined else piece.parts()
        return parts if len(parts) > 1 else ()

    def _is_torn(self, piece: _Piece, answer: Answer) -> bool:
        """Whether a segment reaches over parts that lie apart, and has no words that tell what was said in which."""
        if len(piece.parts()) == 1:
            return False
        segments = list(segments_of(answer, piece.span))
        torn = any(not one.words and len(piece.voiced.divided(Span(one.start, one.end))) > 1 for one in segments)
        if torn:
            self._joined = any(one.words for one in segments)
        return torn

    def _answers(self, pieces: Sequence[_Piece], fields: Fields, task: SpeechTask) -> Iterator[tuple[_Piece, Answer]]:
        for piece in pieces:
            try:
                yield from list(self._answered(piece, fields, task))
            except FieldRefused as error:
                # As when the first piece was silent, so that nothing showed yet: the next try cuts all of it anew.
                self._ask_for_less(error)
                raise EngineFailed(f"It gives less than it seemed to. {error}") from error

    def _ask_for_less(self, error: FieldRefused) -> None:
        if len(self._forms) == 1:
            raise EngineRefused(str(error)) from error
        if self._forms[0].timed:
            # Segments are as long as the voice then, and words have no times.
            log.warning("engine.no_times", model=self.model)
        del self._forms[0]


def _fields(model: str, language: str | None, guidance: Guidance) -> Fields:
    # What is translated is translated from any language; its server takes no word on which.
    told = language if guidance.task is SpeechTask.TRANSCRIBE else None
    fields = {"model": model, **({"language": known_as(told, LANGUAGES) or told} if told else {})}
    if guidance.temperature:
        fields["temperature"] = str(guidance.temperature)
    if guidance.careful:
        fields["temperature"] = _CAREFUL
    elif prompt := hotwords(guidance.vocabulary, len, _PROMPT):
        fields["prompt"] = prompt
    return fields


def _placed(
    answers: Iterable[tuple[_Piece, Answer]], language: str | None, wanted: Sequence[str], told: Sequence[str], task: SpeechTask
) -> Iterator[Segment]:
    """`wanted`: the languages that may be spoken.

    `told`: the vocabulary that the server knows; what is nothing else is under suspicion.
    """
    for piece, answer in answers:
        spoken = language_code(answer.language, wanted)
        other = spoken if spoken != language and task is SpeechTask.TRANSCRIBE else None
        for segment in piece.voiced.placed(segments_of(answer, piece.span)):
            suspicions = (VOCABULARY_ECHO,) if told and echoes(segment.text, answer.text, told) else ()
            yield replace(segment, language=other, suspicions=suspicions)
