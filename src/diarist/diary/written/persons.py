"""The persons in which an entry can be told, and the words that each has for the speaker."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_SINGULAR = {"i": "subject", "me": "object", "my": "possessive", "mine": "possession", "myself": "reflexive"}
FIRST_PLURAL = {"we": "subject", "us": "object", "our": "possessive", "ours": "possession", "ourselves": "reflexive"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person that takes the plural of "to be", whoever is meant."""

    subject: str
    object: str
    possessive: str
    possession: str
    reflexive: str
    named: bool
    """Whether the speaker may be called by a name."""

    @property
    def words(self) -> frozenset[str]:
        """All of them; where one was said, it meant somebody else."""
        return frozenset({self.subject, self.object, self.possessive, self.possession, self.reflexive})


SECOND = Person(
    subject="you", object="you", possessive="your", possession="yours", reflexive="yourself", named=False
)  # fmt: skip
THIRD = Person(
    subject="they", object="them", possessive="their", possession="theirs", reflexive="themselves", named=True
)  # fmt: skip
PERSONS: dict[str, Person | None] = {"first": None, "second": SECOND, "third": THIRD}
"""By the word that a template has for each; None: as the speaker talks."""
