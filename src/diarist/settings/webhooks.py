"""How webhooks are sent, and where to."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import BaseModel, Field

from diarist.settings.llm import Seconds


class WebhookSettings(BaseModel):
    """Where webhooks may be sent, and how long it is tried."""

    allow_http: bool = False
    """Whether unencrypted addresses are taken too."""
    ports: list[int] = [443, 8443, 80, 8080]
    """Ports that may be connected to."""
    private_networks: list[IPv4Network | IPv6Network] = []
    """Networks such as `192.168.1.0/24` that may be sent to though they are not public."""
    connect_seconds: Seconds = 5.0
    """Longest wait for a name, and for a connection."""
    timeout: Annotated[float, Field(ge=1, le=30)] = 15.0
    """Seconds that one try may take in all."""
    retries: list[Annotated[float, Field(ge=0, le=604_800)]] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    """Seconds before each try after the first, give or take a fifth: those of Standard Webhooks, three days in all."""
    pause_after_days: Annotated[float, Field(gt=0)] = 5.0
    """Days without a single success after which a subscription is paused."""
    max_subscriptions: int = Field(default=20, ge=1)
    """Of one account."""
    keep_days: Annotated[float, Field(gt=0)] = 30.0
    """Days for which deliveries are kept, sent or not, and can be asked for again."""
