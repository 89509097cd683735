"""Who is let in by an API, as state of its app: whoever has a key or has signed in, and sometimes whoever is at this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from diarist.accounts.door import AccountDoor
from diarist.accounts.service import account_id
from diarist.accounts.sign_in.provider import Provider
from diarist.accounts.traffic import Traffic
from diarist.http.hosts import only_for_this_machine
from diarist.http.rate_counts import open_counts
from diarist.http.rate_limit import RateLimits
from diarist.runtime import Runtime


@asynccontextmanager
async def open_door(runtime: Runtime, *, alone: bool) -> AsyncIterator[dict[str, Any]]:
    """The `door`, the `limits` behind it, the `traffic` through it, and the `provider` by which people sign in, if there is one.

    `alone`: everything is done by this process. Then nobody needs a key where only programs of this machine are answered, unless
    the settings say so.
    """
    http, keyless = runtime.settings.http, None
    if alone and only_for_this_machine(http) and not http.require_key:
        async with runtime.database.read() as session:
            keyless = await account_id(session)
    async with AsyncExitStack() as stack:
        door = await stack.enter_async_context(AccountDoor.open(runtime.database, keyless=keyless))
        counts = await stack.enter_async_context(open_counts(runtime.settings.cache_url, runtime.metrics.redis))
        oidc = runtime.settings.oidc
        provider = await stack.enter_async_context(Provider.open(oidc)) if oidc.issuer else None
        limits = RateLimits(counts, runtime.settings.limits, runtime.metrics.http)
        traffic = await stack.enter_async_context(Traffic.open(runtime.database))
        yield {"door": door, "limits": limits, "provider": provider, "traffic": traffic}
