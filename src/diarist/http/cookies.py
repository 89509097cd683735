"""Names of our cookies, and when browsers may send them."""

from __future__ import annotations

from diarist.settings import HttpSettings

SESSION = "diarist-session"
ATTEMPT = "diarist-sign-in"


def only_by_tls(settings: HttpSettings) -> bool:
    """Whether cookies are for connections with TLS alone: where the server is known by such an address."""
    return settings.public_url.startswith("https://")


def cookie_name(name: str, settings: HttpSettings) -> str:
    """With the prefix for which browsers see to it that no other host, and no page without TLS, sets it (RFC 6265bis, 4.1.3)."""
    return f"__Host-{name}" if only_by_tls(settings) else name
