"""Only plainly public addresses may be fetched from, in whatever disguise the others come."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.recordings.fetching.addresses import read_address, refusal

PRIVATE = [
    *(
        str(IPv4Address(0)),
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
    ),
    *("172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
]
NOT_PUBLIC_V6 = [
    *("::", "::1", "::7f00:1", "fc00::1", "fd00:ec2::254", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1"),
    *("2002:808:808::1", "2001:0:808:808::1", "100::1", "64:ff9b:1::808:808", "::ffff:0:808:808", "5f00::1", "4000::1"),
    *("2606:4700::5efe:808:808", "2606:4700::200:5efe:a00:1"),
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450:4001::8a"]

v4 = st.ip_addresses(v=4)
bad_v4 = st.sampled_from(
    [IPv4Network(net) for net in ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                                  "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4")]
).flatmap(lambda net: st.ip_addresses(network=net))  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE + NOT_PUBLIC_V6)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert refusal(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_allowed(address: str) -> None:
    assert refusal(ip_address(address)) is None


@given(bad_v4)
def test_a_private_address_is_refused_inside_of_any_ipv6(hidden: IPv4Address) -> None:
    number = int(hidden)
    disguises = [
        number,  # ::a.b.c.d
        0xFFFF << 32 | number,  # mapped
        0xFFFF << 48 | number,  # translated (SIIT)
        0x2002 << 112 | number << 80 | 1,  # 6to4
        0x20010000 << 96 | 0x08080808 << 64 | (~number & 0xFFFFFFFF),  # Teredo: the client, inverted
        0x20010000 << 96 | number << 64,  # Teredo: the server
        0x0064FF9B << 96 | number,  # NAT64
        0x0064FF9B0001 << 80 | number,  # NAT64 of a network of its own
        0x26064700 << 96 | 0x00005EFE << 32 | number,  # ISATAP
        0x26064700 << 96 | 0x02005EFE << 32 | number,
    ]
    assert refusal(hidden)
    assert [str(IPv6Address(disguise)) for disguise in disguises if refusal(IPv6Address(disguise)) is None] == []


@given(v4)
def test_a_mapped_address_is_judged_as_the_address_that_is_meant(address: IPv4Address) -> None:
    mapped = IPv6Address(0xFFFF << 32 | int(address))
    assert refusal(mapped) == refusal(address)


@given(st.ip_addresses())
def test_nothing_that_python_knows_to_be_special_is_allowed(address: IPv4Address | IPv6Address) -> None:
    special = not address.is_global or address.is_multicast or address.is_link_local or address.is_loopback
    assert not special or refusal(address)


@given(st.ip_addresses(v=6).filter(lambda address: address not in IPv6Network("2000::/3")))
def test_ipv6_is_public_only_where_public_addresses_are_given_out(address: IPv6Address) -> None:
    translated = address in IPv6Network("64:ff9b::/96") or address in IPv6Network("::ffff:0:0/96")
    assert translated or refusal(address)


def test_a_network_that_was_opened_is_allowed_and_no_other() -> None:
    opened = [ip_network("127.0.0.1/32"), ip_network("fd12::/16")]
    assert refusal(ip_address("127.0.0.1"), opened) is None
    assert refusal(ip_address("::ffff:127.0.0.1"), opened) is None
    assert refusal(ip_address("fd12::1"), opened) is None
    assert refusal(ip_address("127.0.0.2"), opened)
    assert refusal(ip_address("10.0.0.1"), opened)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "::ffff:169.254.169.254", "0.0.0.1", "::", "fd00:ec2::254", "100.100.100.200"]
)
def test_where_clouds_keep_secrets_stays_closed_whatever_is_opened(address: str) -> None:
    assert refusal(ip_address(address), [ip_network("0.0.0.0/0"), ip_network("::/0")])


def test_a_zone_does_not_hide_a_link_local_address() -> None:
    assert refusal(read_address("fe80::1%eth0"))
    with pytest.raises(ValueError, match="not appear"):
        read_address("example.org")
