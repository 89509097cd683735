from ipaddress import ip_network

import pytest

from diarist.http.rate_limit import address_of
from diarist.settings import HttpSettings

BEHIND = HttpSettings(trusted_proxies=[ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")])


@pytest.mark.parametrize(
    ("settings", "peer", "forwarded", "address"),
    [
        (HttpSettings(), "192.0.2.7", None, "192.0.2.7"),
        (HttpSettings(), "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        (BEHIND, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (BEHIND, "10.0.0.1", "1.2.3.4, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        (BEHIND, "10.0.0.1", None, "10.0.0.1"),
        (BEHIND, "2001:db8::1", "198.51.100.1", "198.51.100.1"),
        (BEHIND, "192.0.2.7", "1.2.3.4", "192.0.2.7"),
    ],
)
def test_only_proxies_that_are_trusted_are_believed(
    settings: HttpSettings, peer: str, forwarded: str | None, address: str
) -> None:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    assert address_of({"type": "http", "client": (peer, 5000), "headers": headers}, settings) == address
