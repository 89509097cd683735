"""Who may see an account's text, and where those are who would."""

from __future__ import annotations

from enum import StrEnum


class Privacy(StrEnum):
    """Who may get the text of an account: from nobody to anyone, each with those before it."""

    NOBODY = "nobody"
    """No language model at all, not even one on this machine."""
    SELF_HOSTED = "self_hosted"
    EU = "eu"
    """Providers that answer from the European Union."""
    ANYONE = "anyone"

    def admits(self, region: Region) -> bool:
        """Whether a provider there may get it."""
        classes = list(Privacy)
        return classes.index(Privacy(region.value)) <= classes.index(self)


class Region(StrEnum):
    """Where a provider is, as far as privacy goes: the narrowest class of accounts that it may see the text of."""

    SELF_HOSTED = "self_hosted"
    EU = "eu"
    ANYONE = "anyone"
