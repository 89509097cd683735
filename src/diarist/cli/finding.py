"""From what a person types to the recording or job that is meant."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from diarist.cli.opening import Here
from diarist.errors import InvalidInput, NotFound
from diarist.jobs.repository import list_ids

LAST = "last"
SHORT = 8
"""Hex digits of an id that are shown: its end, for the beginning of a UUIDv7 is the time and much alike."""
_FEWEST = 4
"""Hex digits that must be typed."""


class AmbiguousId(InvalidInput):
    """The end of an id fits more than one."""

    code = "ambiguous_id"
    advice = "Give more digits of the id that you mean."


@dataclass(frozen=True, slots=True)
class Found:
    """A recording and one of its jobs."""

    recording_id: UUID
    job_id: UUID
    """The job that was named, or the newest of the recording."""


def short(identifier: UUID) -> str:
    """An id as it is shown and can be typed."""
    return identifier.hex[-SHORT:]


def end_of_id(typed: str) -> str:
    """The hex digits with which the id that is meant ends; none for what is no id, nor long enough for the end of one."""
    digits = typed.replace("-", "").lower()
    return digits if len(digits) >= _FEWEST and set(digits) <= set(string.hexdigits) else ""


async def find(here: Here, typed: str) -> Found:
    """What an id, the end of one, or `last` means; raises `NotFound` or `AmbiguousId`."""
    return choose(await _pairs(here), typed)


async def find_all(here: Here, typed: Iterable[str]) -> list[Found]:
    """What each of them means, without repetition."""
    pairs = await _pairs(here)
    return list(dict.fromkeys(choose(pairs, one) for one in typed))


def choose(pairs: Sequence[Found], typed: str) -> Found:
    """The pair that is meant; of one recording's pairs the last is its newest job."""
    newest = {pair.recording_id: pair for pair in pairs}
    if typed == LAST:
        if not newest:
            raise NotFound("there are no recordings yet", advice="`diarist add FILE` takes one in.")
        return newest[max(newest)]
    digits = end_of_id(typed)
    if not digits:
        raise NotFound(
            f"{typed!r} is not an id",
            advice=f"Give an id, its last {_FEWEST} digits or more, or `{LAST}`; `diarist list` shows what there is.",
        )
    meant = {pair.recording_id: pair for pair in pairs if pair.job_id.hex.endswith(digits)}
    meant |= {recording_id: pair for recording_id, pair in newest.items() if recording_id.hex.endswith(digits)}
    match [*meant.values()]:
        case []:
            raise NotFound(f"nothing here has the id {typed}")
        case [only]:
            return only
        case several:
            candidates = ", ".join(str(pair.recording_id) for pair in several)
            raise AmbiguousId(
                f"{typed} is the end of {len(several)} ids", advice=f"Give more digits of the one that you mean: {candidates}"
            )


async def _pairs(here: Here) -> list[Found]:
    async with here.runtime.database.read() as session:
        return [Found(recording_id, job_id) for recording_id, job_id in await list_ids(session, here.account_id)]
