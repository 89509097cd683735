"""Memos that differ, put into the database as if they had just been heard, each with a job that has come to its entry."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from diarist.accounts.llm_terms import LlmTerms, change_llm_terms
from diarist.accounts.service import account_id, add_account
from diarist.database.base import new_id
from diarist.jobs.service import start_job
from diarist.pipeline import PIPELINE
from diarist.recordings.models import RecordingRow
from diarist.runtime import Runtime
from diarist.transcription.repository import add_transcript
from heard import heard

PHONE = "020 7946 0958"
"""Said in every memo; no provider may see it."""
_WHO = ("Ada", "Bruno", "Clara", "Dario", "Edith", "Farid", "Greta", "Hugo")
_WHERE = ("mill", "harbour", "library", "market", "bridge", "station", "garden", "bakery")
_WHAT = ("the letters", "the keys", "two cakes", "the old map", "some bread", "her bike", "a lamp", "three chairs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A memo and its job."""

    recording: UUID
    job: UUID
    account: UUID
    text: str


def text(number: int, chance: random.Random) -> str:
    """A memo that there is only once."""
    who, where, what = chance.choice(_WHO), chance.choice(_WHERE), chance.choice(_WHAT)
    return (
        f"This is memo number {number}. I walked to the {where} with {who} and we brought {what}. I did not tell {who} about the "
        f"job. Maybe we go again on Sunday. I have to call the office on {PHONE} by Friday. It was a good day."
    )


async def put(runtime: Runtime, count: int, seed: int, tight: Decimal) -> list[Given]:
    """Store memos and begin their jobs at the stage `compose`; every fifth belongs to an account with a tight budget."""
    chance = random.Random(seed)
    from_the_end = replace(runtime, stages=[stage for stage in PIPELINE if stage.name in {"compose", "notify"}])
    async with runtime.database.write() as session:
        usual = await account_id(session)
        poor = (await add_account(session, "tight")).id
        await session.flush()
        await change_llm_terms(session, "tight", lambda _: LlmTerms(day_usd=tight))
    given: list[Given] = []
    for number in range(count):
        said, account = text(number, chance), poor if number % 5 == 0 else usual
        async with runtime.database.write() as session:
            recording = RecordingRow(
                id=new_id(),
                account_id=account,
                sha256=f"{number:064x}",
                size_bytes=1,
                filename="memo.wav",
                blob_key=f"r/{number}",
            )
            session.add(recording)
            await session.flush()
            job = await start_job(from_the_end, session, account, recording.id)
            await add_transcript(session, account, recording.id, job.id, heard(said))
        given.append(Given(recording=recording.id, job=job.id, account=account, text=said))
    return given
