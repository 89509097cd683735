"""What can be masked in a text, where, and what happens when nothing is installed that knows names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from diarist.errors import InvalidInput

_Choice = TypeVar("_Choice", bound=StrEnum)


class Kind(StrEnum):
    """What is masked; dates and nationalities never are, for a diary means nothing without them. The order breaks ties."""

    EMAIL = "email"
    URL = "url"
    IBAN = "iban"
    CARD = "card"
    ID = "id"
    """Numbers that a state or an insurer gives to a person."""
    IP = "ip"
    PHONE = "phone"
    ADDRESS = "address"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    NUMBER = "number"
    """Said digit by digit, as codes and accounts are."""


NAMES = frozenset({Kind.PERSON, Kind.PLACE, Kind.ORGANISATION})
"""What patterns alone find too little of."""


class Where(StrEnum):
    """A place in front of which text is masked."""

    BEFORE_ANY_PROVIDER = "before_any_provider"
    BEFORE_NON_SELF_HOSTED = "before_non_self_hosted"


class WithoutNames(StrEnum):
    """What to do with text when no analyser for names is installed, or none for its language."""

    REFUSE = "refuse"
    PATTERNS = "patterns"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskingPolicy:
    """Masking reduces what is exposed; it makes nobody anonymous."""

    kinds: frozenset[Kind] = frozenset(Kind)
    where: frozenset[Where] = frozenset({Where.BEFORE_NON_SELF_HOSTED})
    """Empty: nothing is masked anywhere."""
    without_names: WithoutNames = WithoutNames.REFUSE

    def applies(self, *, self_hosted: bool) -> bool:
        """Whether text is masked for a provider; one in the process itself is self-hosted too."""
        return Where.BEFORE_ANY_PROVIDER in self.where or (Where.BEFORE_NON_SELF_HOSTED in self.where and not self_hosted)

    def to_json(self) -> dict[str, Any]:
        """For a JSON column; see `policy_of`."""
        return {"kinds": sorted(self.kinds), "where": sorted(self.where), "without_names": self.without_names.value}


def policy_of(value: Mapping[str, Any] | None, default: MaskingPolicy | None = None) -> MaskingPolicy:
    """Read what `to_json` wrote; what is missing is as in `default`. Raises `InvalidInput`."""
    default = default or MaskingPolicy()
    value = value or {}
    if unknown := value.keys() - {"kinds", "where", "without_names"}:
        raise InvalidInput(f"a masking policy has no {', '.join(sorted(map(repr, unknown)))}")
    return MaskingPolicy(
        kinds=_members(Kind, value["kinds"], "kinds") if "kinds" in value else default.kinds,
        where=_members(Where, value["where"], "where") if "where" in value else default.where,
        without_names=_member(WithoutNames, value["without_names"], "without_names")
        if "without_names" in value
        else default.without_names,
    )


def _members(enum: type[_Choice], values: object, field: str) -> frozenset[_Choice]:
    if not isinstance(values, list | tuple | set | frozenset):
        raise InvalidInput(f"{field} of a masking policy is a list")
    return frozenset(_member(enum, value, field) for value in values)


def _member(enum: type[_Choice], value: object, field: str) -> _Choice:
    if not isinstance(value, str) or value not in set(enum):
        raise InvalidInput(f"{field} of a masking policy is made of: {', '.join(enum)}")
    return enum(value)
