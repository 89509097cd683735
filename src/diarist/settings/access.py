"""Who is let in, and how often."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, Field, SecretStr, model_validator

from diarist.settings.llm import Seconds


class OidcSettings(BaseModel):
    """Who vouches for people that sign in with a browser, by OpenID Connect."""

    issuer: Annotated[str, Field(pattern=r"^(https://.+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/.*)?|)$")] = ""
    """Address of the provider, such as `https://login.example.org/realms/diary`; empty: nobody signs in, keys do it all."""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    """Empty for a public client."""
    session_seconds: Seconds = 604_800.0
    """Seconds after which a browser has to sign in again."""
    keys_again_seconds: Annotated[float, Field(ge=0)] = 30.0
    """Seconds before the provider's keys are asked for again because of a token that none of them has signed."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.issuer and not self.client_id:
            raise ValueError("a client_id is needed too; the provider gives it")
        return self


class LimitSettings(BaseModel):
    """How often an API may be asked, and how much accounts may have."""

    requests_per_minute: int = Field(default=1200, ge=0)
    """Of one key, or of one person who has signed in; 0 means no limit."""
    refusals_per_minute: int = Field(default=120, ge=0)
    """From one address: requests that are not let in, and tries to sign in; 0 means no limit."""
    recording_hours: Annotated[float, Field(gt=0)] = 48.0
    """Hours that one recording may last."""
    audio_hours_a_month: Annotated[float | None, Field(ge=0)] = None
    """Of an account without a quota of its own, as the next two; unset means no limit."""
    stored_bytes: Annotated[int | None, Field(ge=0)] = None
    unfinished_jobs: Annotated[int | None, Field(ge=1)] = None
