"""What can be made out in English speech: commitments, people, topics and mood, each with its citations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from diarist.diary.commitments import commitments
from diarist.diary.items import action_items
from diarist.diary.mood import mood, valences
from diarist.diary.people import people
from diarist.diary.phrases import phrases, word_counts
from diarist.diary.proof import citation_faults, mention_faults
from diarist.diary.speech import Speech
from diarist.diary.topics import Topic, topics
from diarist.diary.utterances import Utterance
from diarist.domain.diary import ActionItem, Mention, Mood


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything but the sentences; empty for a language whose rules are not written."""

    action_items: tuple[ActionItem, ...] = ()
    people: tuple[Mention, ...] = ()
    topics: tuple[Mention, ...] = ()
    subjects: tuple[Topic, ...] = ()
    """The topics with their weights, best first."""
    mood: Mood | None = None
    valences: Mapping[int, float] = field(default_factory=dict)
    """By utterance, -1 to 1."""
    with_people: frozenset[int] = frozenset()
    """The utterances that mention somebody."""
    with_commitments: frozenset[int] = frozenset()


def findings(utterances: Sequence[Utterance], speech: Speech) -> Findings:
    """Search the utterances of English speech; what cannot be proven is left out."""
    committed = commitments(utterances)
    persons = people(utterances)
    scores = valences(utterances)
    names = frozenset(word for person in persons for word in person.name.lower().replace(".", "").split())
    subjects = topics(phrases(utterances, names), word_counts(utterances), sum(len(utterance.kept) for utterance in utterances))
    overall = mood(utterances, scores)
    if overall is not None and any(citation_faults(citation, speech) for citation in overall.citations):
        overall = None
    return Findings(
        action_items=action_items(committed, utterances, speech),
        people=_proven([_mention(person.name, person.utterances, utterances) for person in persons], speech),
        topics=_proven([_mention(subject.name, subject.utterances, utterances) for subject in subjects], speech),
        subjects=tuple(subjects),
        mood=overall,
        valences=dict(enumerate(scores)),
        with_people=frozenset(index for person in persons for index in person.utterances),
        with_commitments=frozenset(item.utterance for item in committed),
    )


def _mention(name: str, places: Sequence[int], utterances: Sequence[Utterance]) -> Mention:
    return Mention(name=name, citations=tuple(utterances[index].citation for index in places))


def _proven(mentions: Sequence[Mention], speech: Speech) -> tuple[Mention, ...]:
    return tuple(mention for mention in mentions if not mention_faults(mention.name, mention.citations, speech))
