from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.accounts.keys.repository import list_keys
from diarist.accounts.keys.secret import PREFIX, beginning_of, digest_of, is_well_formed, new_secret
from diarist.accounts.keys.service import ScopeTooWide, create_key, is_valid, revoke_key
from diarist.accounts.service import account_id, add_account
from diarist.database.base import utc_now
from diarist.database.session import Database
from diarist.domain.access import Permission
from diarist.errors import InvalidInput, NotFound

READ = frozenset({Permission.READ})


def test_a_secret_has_256_bits_and_is_never_the_same() -> None:
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(is_well_formed(secret) and len(secret) == len(PREFIX) + 43 for secret in secrets)


@given(st.text())
def test_what_is_no_key_is_told_without_asking(given: str) -> None:
    assert not is_well_formed(given) or given.startswith(PREFIX)


@pytest.mark.parametrize(
    "given", ["", PREFIX, "x" * 51, PREFIX + "a" * 44, PREFIX + "a" * 43 + "\n", PREFIX + "a" * 42, " " + PREFIX + "a" * 43]
)
def test_what_is_nearly_a_key_is_none(given: str) -> None:
    assert not is_well_formed(given)


async def test_of_a_secret_only_its_hash_and_beginning_are_kept(database: Database) -> None:
    async with database.write() as session:
        row, secret = await create_key(session, await account_id(session), " phone ", READ)
        owner = row.account_id
    assert (row.name, row.sha256, row.beginning) == ("phone", digest_of(secret), beginning_of(secret))
    async with database.read() as session:
        [kept] = await list_keys(session, owner, 10)
    assert not any(secret in str(value) for value in vars(kept).values())


@pytest.mark.parametrize("name", ["", "  ", "a" * 81, "line\nbreak", "\x1b[31m"])
async def test_a_key_needs_a_name_that_can_be_shown(database: Database, name: str) -> None:
    with pytest.raises(InvalidInput):
        async with database.write() as session:
            await create_key(session, await account_id(session), name, READ)


@pytest.mark.parametrize("scopes", [frozenset[Permission](), frozenset({Permission.OWN})])
async def test_a_key_is_for_something_that_keys_are_for(database: Database, scopes: frozenset[Permission]) -> None:
    with pytest.raises(InvalidInput):
        async with database.write() as session:
            await create_key(session, await account_id(session), "phone", scopes)


async def test_nobody_gives_more_than_they_have(database: Database) -> None:
    with pytest.raises(ScopeTooWide, match="edit, manage"):
        async with database.write() as session:
            scopes = frozenset({Permission.READ, Permission.EDIT, Permission.MANAGE})
            await create_key(session, await account_id(session), "phone", scopes, granted=READ)


async def test_a_key_that_has_expired_already_is_not_made(database: Database) -> None:
    with pytest.raises(InvalidInput):
        async with database.write() as session:
            await create_key(session, await account_id(session), "phone", READ, lasts=timedelta(0))


async def test_a_key_is_valid_until_it_expires_or_is_revoked(database: Database) -> None:
    now = utc_now()
    async with database.write() as session:
        row, _ = await create_key(session, await account_id(session), "phone", READ, lasts=timedelta(days=1))
    assert is_valid(row, now)
    assert not is_valid(row, now + timedelta(days=1, minutes=1))
    async with database.write() as session:
        first = (await revoke_key(session, row.account_id, row.id)).revoked_at
    async with database.write() as session:
        again = await revoke_key(session, row.account_id, row.id)
    assert not is_valid(again, now)
    assert again.revoked_at == first


async def test_nobody_revokes_the_key_of_another_account(database: Database) -> None:
    async with database.write() as session:
        other = await add_account(session, "zoe")
        row, _ = await create_key(session, await account_id(session), "phone", READ)
    with pytest.raises(NotFound):
        async with database.write() as session:
            await revoke_key(session, other.id, row.id)
