"""Who may answer a request that several ask under one key."""

import asyncio
from datetime import timedelta
from uuid import UUID

from diarist.database.base import utc_now
from diarist.database.session import Database
from diarist.http import idempotency_store as store


async def test_of_two_replicas_one_answers(database: Database, account_id: UUID) -> None:
    asked = store.Asked(account_id, "key", "f")
    tomorrow = utc_now() + timedelta(days=1)
    claims = await asyncio.gather(*(store.claim(database, asked, tomorrow) for _ in range(5)), return_exceptions=True)
    tokens = [claim for claim in claims if not isinstance(claim, BaseException)]
    assert (len(tokens), {type(claim).__name__ for claim in claims}) == (1, {"UUID", "IdempotencyKeyInUse"})
    assert not isinstance(tokens[0], store.Answer)
    await store.keep(database, tokens[0], store.Answer(201, {"location": "/x"}, b"body"))
    assert await store.claim(database, asked, tomorrow) == store.Answer(201, {"location": "/x"}, b"body")


async def test_who_was_believed_dead_does_not_overwrite_the_answer(database: Database, account_id: UUID) -> None:
    asked = store.Asked(account_id, "key", "f")
    yesterday, tomorrow = utc_now() - timedelta(days=1), utc_now() + timedelta(days=1)
    dead = await store.claim(database, asked, yesterday)
    alive = await store.claim(database, asked, tomorrow)
    assert not isinstance(dead, store.Answer)
    assert not isinstance(alive, store.Answer)
    await store.keep(database, dead, store.Answer(500, {}, b""))
    await store.release(database, dead)
    await store.keep(database, alive, store.Answer(201, {}, b""))
    assert await store.claim(database, asked, tomorrow) == store.Answer(201, {}, b"")


async def test_old_answers_are_swept_in_slices(database: Database, account_id: UUID) -> None:
    for name, days in (("a", -1), ("b", -1), ("c", 1)):
        await store.claim(database, store.Asked(account_id, name, "f"), utc_now() + timedelta(days=days))
    assert [await store.sweep_keys(database, 1) for _ in range(3)] == [1, 1, 0]
