"""A transcript as Deepgram tells it; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid5

from diarist.compat.deepgram.options import Options
from diarist.compat.deepgram.schemas import (
    Alternative,
    Channel,
    Listened,
    Metadata,
    ModelInfo,
    Results,
    Utterance,
    Word,
)
from diarist.compat.gaps import gap_warnings
from diarist.domain import transcript as domain
from diarist.domain.channels import SIDES
from diarist.domain.transcript import Transcript
from diarist.recordings.models import RecordingRow


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word, or a whole segment where the engine times no words."""

    start: float
    end: float
    text: str
    probability: float
    timed: bool


def listened(transcript: Transcript, recording: RecordingRow, options: Options, request_id: str) -> Listened:
    """The whole answer; `recording`: as it came."""
    apart = options.multichannel and bool(transcript.channels)
    voices = range(len(SIDES)) if apart else [None]
    told = [
        [piece for segment in transcript.segments if voice in {None, segment.channel} for piece in _pieces(segment)]
        for voice in voices
    ]
    channels = [
        Channel(
            alternatives=[_alternative(pieces, options)],
            detected_language=transcript.language if options.detect_language else None,
            language_confidence=transcript.language_probability if options.detect_language else None,
        )
        for pieces in told
    ]
    utterances: list[Utterance] | None = None
    if options.utterances:
        every = (one for number, pieces in enumerate(told) for one in _utterances(pieces, number, recording, options))
        utterances = sorted(every, key=lambda one: (one.start, one.channel))
    metadata = Metadata(
        transaction_key="deprecated",
        request_id=request_id,
        sha256=recording.sha256,
        created=recording.created_at.isoformat().replace("+00:00", "Z"),
        duration=transcript.duration,
        channels=len(channels),
        models=[transcript.model],
        model_info={transcript.model: ModelInfo(name=transcript.model, version="local", arch=transcript.engine)},
        warnings=_warnings(transcript, recording, mixed=options.multichannel and not apart),
    )
    return Listened(metadata=metadata, results=Results(channels=channels, utterances=utterances))


def _warnings(transcript: Transcript, recording: RecordingRow, *, mixed: bool) -> list[str] | None:
    warnings = list(gap_warnings(transcript) or ())
    if mixed and recording.channels != 1:
        warnings.append("no channel holds a voice of its own: all are told as one")
    return warnings or None


def _pieces(segment: domain.Segment) -> Iterator[_Piece]:
    if segment.words:
        yield from (_Piece(word.start, word.end, word.text, word.probability, timed=True) for word in segment.words)
    elif segment.text:
        yield _Piece(segment.start, segment.end, segment.text, segment.probability, timed=False)


def _utterances(pieces: Sequence[_Piece], channel: int, recording: RecordingRow, options: Options) -> Iterator[Utterance]:
    """What stands between pauses of `utt_split` seconds."""
    run: list[_Piece] = []
    for place, piece in enumerate(pieces):
        run.append(piece)
        if place + 1 == len(pieces) or pieces[place + 1].start - piece.end >= options.utt_split:
            said = _alternative(run, options)
            identifier = str(uuid5(recording.id, f"{channel or ''}{run[0].start:.3f}"))
            yield Utterance(id=identifier, start=run[0].start, end=run[-1].end, channel=channel, **said.model_dump())
            run = []


def _alternative(pieces: Sequence[_Piece], options: Options) -> Alternative:
    words = [
        Word(
            word=_bare(piece.text),
            start=piece.start,
            end=piece.end,
            confidence=piece.probability,
            punctuated_word=piece.text if options.punctuate else None,
        )
        for piece in pieces
        if piece.timed
    ]
    texts = (piece.text if options.punctuate else " ".join(map(_bare, piece.text.split())) for piece in pieces)
    confidence = sum(piece.probability for piece in pieces) / len(pieces) if pieces else 0.0
    return Alternative(transcript=" ".join(texts), confidence=round(confidence, 6), words=words)


def _bare(word: str) -> str:
    """Without what is only written round it, in small letters; a word of nothing but marks is as it is."""
    letters = [place for place, character in enumerate(word) if character.isalnum()]
    return word[letters[0] : letters[-1] + 1].lower() if letters else word
