"""Gathers who is spoken of from the places where somebody may be meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from diarist.diary.names import is_capital
from diarist.diary.sightings import ENOUGH, Sighting, sightings
from diarist.diary.utterances import Utterance

# An engine that writes capitals begins at least this share of sentences with one; others are cut out of run-ons.
CASED_SHARE = 0.25


@dataclass(slots=True)
class Person:
    """Somebody who was spoken of."""

    name: str
    """As said most fully."""
    utterances: list[int]
    """Where, ascending."""


def people(utterances: Sequence[Utterance]) -> list[Person]:
    """Everybody who is spoken of, in order of first mention; the same person by whatever name is one."""
    cased = sum(is_capital(word) for utterance in utterances for word in utterance.kept[:1]) > CASED_SHARE * len(utterances)
    lower = {word.plain for utterance in utterances for word in utterance.kept if word.text[:1].islower()} if cased else set()
    found = [sighting for utterance in utterances for sighting in sightings(utterance, lower, cased=cased)]
    accepted = _accepted(found)
    return _gathered([sighting for sighting in found if sighting.key in accepted])


def _accepted(found: Sequence[Sighting]) -> set[str]:
    """The names with enough evidence: the best there is, less the worst against it ("in Florence")."""
    evidence: dict[str, list[float]] = defaultdict(list)
    for sighting in found:
        evidence[sighting.key].append(sighting.evidence)
    return {key for key, points in evidence.items() if max(points) + (min(0.0, *points) if len(points) > 1 else 0.0) >= ENOUGH}


def _gathered(found: Sequence[Sighting]) -> list[Person]:
    full = _full_keys({sighting.key for sighting in found})
    named: dict[str, set[str]] = defaultdict(set)
    for sighting in found:
        if sighting.relation is not None and sighting.key != sighting.relation:
            named[sighting.relation].add(full[sighting.key])
    persons: dict[str, Person] = {}
    for sighting in found:
        key = full[sighting.key]
        # "my sister Anna ... my sister": one person, unless there are two sisters with names.
        if sighting.key == sighting.relation and len(named[sighting.relation]) == 1:
            key = next(iter(named[sighting.relation]))
        person = persons.setdefault(key, Person(sighting.name, []))
        if full[sighting.key] == key and (sighting.key == key != person.name.lower()) and sighting.key != sighting.relation:
            person.name = sighting.name
        if sighting.utterance not in person.utterances[-1:]:
            person.utterances.append(sighting.utterance)
    return list(persons.values())


def _full_keys(keys: set[str]) -> dict[str, str]:
    """Each key with the longest name that contains all its words ("yvonne" in "yvonne marsh"), unless two differ."""
    parts = {key: frozenset(key.split()) for key in keys}
    full: dict[str, str] = {}
    for key, own in parts.items():
        longer = sorted((other for other, words in parts.items() if own < words), key=lambda other: len(parts[other]))
        alike = bool(longer) and all(parts[other] <= parts[longer[-1]] for other in longer)
        full[key] = longer[-1] if alike else key
    return full
