"""Which addresses of the web may be asked, as far as their words tell; pure. What their names resolve to is checked apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Protocol

import httpx

from diarist.errors import AddressRefused, NotGiven
from diarist.recordings.fetching.addresses import Address, Network

_DEFAULT_PORTS = {"https": 443, "http": 80}
_LONGEST = 8_000
"""Characters; signed links of cloud stores have some 2,000."""


class Reach(Protocol):
    """How far we may reach out: what settings for imports and for webhooks have in common."""

    @property
    def allow_http(self) -> bool:
        """Whether unencrypted addresses are taken too."""

    @property
    def ports(self) -> Sequence[int]:
        """Those that may be connected to."""

    @property
    def private_networks(self) -> Sequence[Network]:
        """Networks that may be reached though they are not public."""

    @property
    def connect_seconds(self) -> float:
        """Longest wait for a name, and for a connection."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address whose words are fine."""

    url: httpx.URL

    @property
    def host(self) -> str:
        """The name to resolve, in ASCII; all that messages tell of the address, for its query may be a key."""
        return self.url.raw_host.decode("ascii")

    @property
    def port(self) -> int:
        """The port to connect to."""
        return self.url.port or _DEFAULT_PORTS[self.url.scheme]

    def pinned(self, address: Address) -> httpx.URL:
        """The same address with the host's name replaced by an IP address, so that nothing is left to resolve."""
        host = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
        return self.url.copy_with(host=host, fragment=None)

    @property
    def host_header(self) -> str:
        """The value of `Host`."""
        return self.url.netloc.decode("ascii")


def check(text: str, reach: Reach) -> Target:
    """The target that somebody's text names; raises `AddressRefused`."""
    if len(text) > _LONGEST:
        raise AddressRefused(f"the address is longer than {_LONGEST:,} characters")
    try:
        return _checked(httpx.URL(text), reach)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused(
            "this is not an address of the web", advice="Give one such as https://example.org/talk.mp3."
        ) from error


def redirected(target: Target, location: str, reach: Reach) -> Target:
    """Where a target sends us; raises `AddressRefused` or `NotGiven`."""
    if not location:
        raise NotGiven(f"{target.host} sends us on without saying where")
    try:
        url = target.url.join(location)
    except (httpx.InvalidURL, ValueError) as error:
        raise NotGiven(f"{target.host} sends us to what is not an address") from error
    if target.url.scheme == "https" and url.scheme != "https":
        raise AddressRefused(f"{target.host} sends us on without encryption")
    return check(str(url), reach)


def _checked(url: httpx.URL, reach: Reach) -> Target:
    if url.scheme not in _DEFAULT_PORTS or (url.scheme == "http" and not reach.allow_http):
        raise AddressRefused("only https addresses are taken")
    if url.userinfo:
        raise AddressRefused(
            "the address holds a name or a password", advice="Give a link that needs none, such as a signed one."
        )
    if not url.raw_host:
        raise AddressRefused("the address names no host")
    target = Target(url)
    if target.port not in reach.ports:
        raise AddressRefused(f"port {target.port} may not be connected to")
    return target
