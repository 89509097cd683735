"""A transcript as it was heard: its words, and the sentences they make."""

from __future__ import annotations

from dataclasses import dataclass

from diarist.diary.english import is_english, reads_as_english
from diarist.diary.speech import Speech, listen
from diarist.diary.utterances import Utterance, utterances
from diarist.domain.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything that was said and is not doubted, cut into sentences."""

    transcript: Transcript
    speech: Speech
    english: bool
    """Whether the rules for English apply."""
    utterances: tuple[Utterance, ...]


def hear(transcript: Transcript) -> Heard:
    """Seconds of pure computing for a long day."""
    speech = listen(transcript)
    language = transcript.language
    english = reads_as_english([word.plain for word in speech.words]) if language is None else is_english(language)
    holes = tuple(gap.span.start for gap in transcript.gaps)
    return Heard(transcript, speech, english, utterances(speech, holes, english=english))
