"""Which IP addresses may be fetched from; pure.

An allow-list, not a list of bad ones: what is not plainly a public host is refused, unless a setting names its network.
The ranges are those of IANA's special-purpose address registries.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_V6_UNICAST = IPv6Network("2000::/3")
_V6_MAPPED = IPv6Network("::ffff:0:0/96")
_V6_TRANSLATED = IPv6Network("64:ff9b::/96")
"""NAT64: a resolver of a network without IPv4 answers with these for every host that has IPv4 alone."""
_V6_NEVER_PUBLIC = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # Teredo, benchmarks, ORCHID and other protocols; some of it carries an IPv4 address inside
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries an IPv4 address inside
        "3fff::/20",  # documentation
    )
)
_V4_NEVER_PUBLIC = tuple(
    IPv4Network(network)
    for network in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),  # private
        "100.64.0.0/10",  # shared by a provider's customers
        "127.0.0.0/8",  # loopback
        *("192.0.0.0/24", "192.88.99.0/24"),  # protocols, 6to4 relays
        *("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"),  # documentation
        "198.18.0.0/15",  # benchmarks
    )
)
_NEVER: tuple[Network, ...] = tuple(
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"),  # this host, link-local, multicast, reserved
        *("::/128", "fe80::/10", "fec0::/10", "ff00::/8"),
        *("100.100.100.200/32", "192.0.0.192/32", "fd00:ec2::/32", "fd20:ce::/32"),  # where clouds keep a machine's secrets
    )
)
"""No setting opens these: nothing that records sound lives there."""
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""Upper half of an interface identifier whose lower half is an IPv4 address (RFC 5214)."""


def refusal(address: Address, opened: Sequence[Network] = ()) -> str | None:
    """Why nothing may be fetched from this address, or None if it may. `opened`: networks that a setting has opened."""
    address = _plain(address)
    if any(address in network for network in _NEVER):
        return "it is an address that nothing may be fetched from"
    if any(address in network for network in opened) or _is_public(address):
        return None
    return "it is not a public address"


def read_address(text: str) -> Address:
    """The address that a resolver gave; raises ValueError."""
    return ip_address(text.partition("%")[0])  # the zone of a link-local address says nothing about whether it is one


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _V4_NEVER_PUBLIC)
    if address not in _V6_UNICAST or int.from_bytes(address.packed[8:12], "big") in _ISATAP:
        return False
    return address.is_global and not any(address in network for network in _V6_NEVER_PUBLIC)


def _plain(address: Address) -> Address:
    """The IPv4 address that is meant by one written as IPv6, where the system would connect to that."""
    if isinstance(address, IPv6Address) and (address in _V6_MAPPED or address in _V6_TRANSLATED):
        return IPv4Address(address.packed[12:])
    return address
