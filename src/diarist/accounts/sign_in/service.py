"""From who a provider says somebody is to the person who was invited."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.sign_in.provider import Identity, SignInRefused
from diarist.accounts.users.models import UserRow
from diarist.accounts.users.repository import invited_at, known_as


async def recognised(session: AsyncSession, identity: Identity) -> UserRow:
    """Who that is: somebody who has signed in before, or else whoever was invited at an address that is verified.

    From then on the person is known by what the provider calls them, whatever becomes of the address. Somebody who is in several
    accounts gets into the oldest. Raises `SignInRefused`, the same for all who are not let in.
    """
    known = await known_as(session, identity.issuer, identity.subject)
    invited = await invited_at(session, identity.email) if identity.email and not known else ()
    for user in (*known, *invited):
        user.issuer, user.subject = identity.issuer, identity.subject
        user.name = identity.name or user.name
        return user
    raise SignInRefused("nobody was invited with an address that the provider has verified")
