"""Looks whether the broker's Redis might throw bells away; started so, it would lose them just when there is most to do."""

from __future__ import annotations

import structlog

from diarist.errors import BrokerUnavailable, Misconfigured
from diarist.redis_client import connect, translated

KEEPS = "noeviction"

log = structlog.get_logger(__name__)


def eviction_policy(url: str) -> str | None:
    """The server's `maxmemory-policy`, or None where it must not be asked for; raises `BrokerUnavailable`."""
    from redis.exceptions import ResponseError

    with translated(), connect(url, tries=0) as client:
        try:
            found = client.config_get("maxmemory-policy")
        except ResponseError:
            return None
    policies = {_text(name): _text(value) for name, value in dict(found).items()}
    return policies.get("maxmemory-policy")


def refuse_eviction(url: str) -> None:
    """Raise `Misconfigured` when Redis may evict; where that cannot be found out, warn and go on."""
    try:
        policy = eviction_policy(url)
    except BrokerUnavailable as error:
        log.warning("broker.away_at_start", error=error.message)
        return
    if policy is None:
        log.warning("broker.policy_unknown", advice=f"The service forbids CONFIG; see that its maxmemory-policy is {KEEPS}.")
    elif policy != KEEPS:
        raise Misconfigured(
            f"the broker's Redis has the maxmemory-policy {policy!r}: when its memory is full it throws away bells",
            advice=f"Set it to {KEEPS} (`redis-cli config set maxmemory-policy {KEEPS}`, and in redis.conf), "
            "or name another Redis with DIARIST_BROKER__URL; one that evicts may serve as DIARIST_CACHE__URL.",
        )


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
