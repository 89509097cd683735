import pytest

from diarist.accounts.service import account_id, add_account
from diarist.accounts.users.service import LastOwner, RoleTooHigh, change_role, invite_user, remove_user
from diarist.database.session import Database
from diarist.domain.access import PERMISSIONS, Role
from diarist.errors import Conflict, InvalidInput, NotFound

ADMIN = PERMISSIONS[Role.ADMIN]


async def test_an_address_is_invited_once_in_an_account(database: Database) -> None:
    async with database.write() as session:
        account, other = await account_id(session), (await add_account(session, "zoe")).id
        assert (await invite_user(session, account, " Anna@Example.org ", Role.MEMBER)).email == "anna@example.org"
        await invite_user(session, other, "anna@example.org", Role.VIEWER)
        with pytest.raises(Conflict):
            await invite_user(session, account, "anna@example.org", Role.VIEWER)


@pytest.mark.parametrize(
    "email", ["", "anna", "@example.org", "anna@", "a b@example.org", "anna@exam ple.org", "a@b@c", "\x07@x.org"]
)
async def test_what_is_no_address_is_refused(database: Database, email: str) -> None:
    with pytest.raises(InvalidInput):
        async with database.write() as session:
            await invite_user(session, await account_id(session), email, Role.MEMBER)


async def test_nobody_gives_changes_or_takes_a_role_above_their_own(database: Database) -> None:
    async with database.write() as session:
        account = await account_id(session)
        owner = await invite_user(session, account, "owner@example.org", Role.OWNER)
        await invite_user(session, account, "second@example.org", Role.OWNER)
        member = await invite_user(session, account, "member@example.org", Role.MEMBER, granted=ADMIN)
        with pytest.raises(RoleTooHigh):
            await invite_user(session, account, "third@example.org", Role.OWNER, granted=ADMIN)
        with pytest.raises(RoleTooHigh):
            await change_role(session, account, member.id, Role.OWNER, granted=ADMIN)
        with pytest.raises(RoleTooHigh):
            await change_role(session, account, owner.id, Role.VIEWER, granted=ADMIN)
        with pytest.raises(RoleTooHigh):
            await remove_user(session, account, owner.id, granted=ADMIN)
        assert (await change_role(session, account, member.id, Role.ADMIN, granted=ADMIN)).role is Role.ADMIN


async def test_an_account_that_has_an_owner_keeps_one(database: Database) -> None:
    async with database.write() as session:
        account = await account_id(session)
        owner = await invite_user(session, account, "owner@example.org", Role.OWNER)
        with pytest.raises(LastOwner):
            await change_role(session, account, owner.id, Role.ADMIN)
        with pytest.raises(LastOwner):
            await remove_user(session, account, owner.id)
        await invite_user(session, account, "second@example.org", Role.OWNER)
        await remove_user(session, account, owner.id)


async def test_people_of_another_account_are_not_there(database: Database) -> None:
    async with database.write() as session:
        member = await invite_user(session, await account_id(session), "anna@example.org", Role.MEMBER)
        other = (await add_account(session, "zoe")).id
        with pytest.raises(NotFound):
            await change_role(session, other, member.id, Role.VIEWER)
        with pytest.raises(NotFound):
            await remove_user(session, other, member.id)
