"""Makes a diary entry out of the speaker's own sentences: chosen, trimmed and proven, never rewritten."""

from __future__ import annotations

from diarist.diary.findings import Findings, findings
from diarist.diary.heard import Heard, hear
from diarist.diary.notes import notes
from diarist.diary.phrases import word_counts
from diarist.diary.proof import statement_faults
from diarist.diary.salience import salience
from diarist.diary.selection import choose, worth_telling
from diarist.diary.speech import Speech
from diarist.diary.title import title
from diarist.diary.utterances import Utterance
from diarist.domain.diary import Entry, Sentence
from diarist.domain.transcript import Transcript

COMPOSED_BY = "extractive"


def compose(transcript: Transcript, *, title_hint: str | None = None) -> Entry:
    """The entry of a transcript; the same transcript always gives the same entry.

    `title_hint` is what the owner called the recording; it is used when the speech offers no title.
    """
    return compose_heard(hear(transcript), title_hint=title_hint)


def compose_heard(heard: Heard, *, title_hint: str | None = None) -> Entry:
    """The entry of a transcript that was heard already."""
    transcript, speech, english, spoken = heard.transcript, heard.speech, heard.english, heard.utterances
    found = findings(spoken, speech) if english else Findings()
    candidates = worth_telling(spoken, english=english)
    weights = salience(
        spoken,
        word_counts(spoken, english=english),
        valences=found.valences,
        with_people=found.with_people,
        with_commitments=found.with_commitments,
    )
    chosen = [spoken[index] for index in choose(spoken, candidates, weights, found.with_people)]
    doubted = any(segment.suspicions for segment in transcript.segments)
    return Entry(
        title=title(sorted(chosen, key=lambda utterance: -weights[utterance.index]), found.subjects, title_hint, doubted=doubted),
        sentences=tuple(_sentence(utterance, speech) for utterance in chosen),
        action_items=found.action_items,
        people=found.people,
        topics=found.topics,
        mood=found.mood,
        language=transcript.language,
        composed_by=COMPOSED_BY,
        notes=notes(transcript, spoken, english=english, told=bool(chosen)),
    )


def _sentence(utterance: Utterance, speech: Speech) -> Sentence:
    """The trimmed sentence if that is proven, else its words untouched."""
    citations = (utterance.citation,)
    trimmed_well = not statement_faults(utterance.text, citations, speech)
    return Sentence(text=utterance.text if trimmed_well else utterance.citation.quote, citations=citations)
