"""From a host's name to the addresses that may be connected to: resolved once, and every one of them checked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence

from diarist.errors import AddressRefused, SourceTooSlow, SourceUnreachable
from diarist.recordings.fetching.addresses import Address, read_address, refusal
from diarist.recordings.fetching.targets import Reach, Target

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""From name and port to addresses as text, the best first; raises OSError or UnicodeError."""


async def ask_the_system(host: str, port: int) -> Sequence[str]:
    """What this machine's resolver knows, its hosts file included."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


async def resolve(target: Target, reach: Reach, resolver: Resolver) -> list[Address]:
    """The addresses of a target; one that is not allowed condemns them all.

    Raises `AddressRefused`, `SourceUnreachable`, `SourceTooSlow`.
    """
    try:
        async with asyncio.timeout(reach.connect_seconds):
            texts = await resolver(target.host, target.port)
        addresses = [read_address(text) for text in dict.fromkeys(texts)]
    except TimeoutError as error:
        raise SourceTooSlow(f"nobody could say in time where {target.host} is") from error
    except (OSError, ValueError) as error:  # a label that is too long is a UnicodeError, which is a ValueError
        raise SourceUnreachable(f"there is no host {target.host}", advice="Check the address.") from error
    for address in addresses:
        if reason := refusal(address, reach.private_networks):
            raise AddressRefused(f"{target.host} may not be asked: {reason}")
    if not addresses:
        raise SourceUnreachable(f"there is no host {target.host}", advice="Check the address.")
    return addresses
