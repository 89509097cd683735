"""A provider of OpenID Connect: found by discovery, asked with PKCE, and believed when its signature and claims fit."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import httpx

from diarist.accounts.sign_in.attempt import Attempt
from diarist.errors import Misconfigured, NotAllowed, Unavailable
from diarist.settings.access import OidcSettings

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import AsyncOAuth2Client

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "RS384", "RS512", "PS384", "PS512", "EdDSA")
"""Signatures that are believed, whatever the provider says: none without a key, and none by a secret that both sides have."""
_TIMEOUT = 10.0
_FRESH = 3600.0
"""Seconds for which what a provider says of itself is believed."""
_LEEWAY = 120
"""Seconds by which clocks may differ."""


class ProviderUnavailable(Unavailable):
    """The provider of sign-ins did not answer as it should."""

    code = "sign_in_provider_unavailable"
    advice = "Try again in a moment; who runs the server finds the reason in its log, and the address in DIARIST_OIDC__ISSUER."


class SignInRefused(NotAllowed):
    """The sign-in did not work out."""

    code = "sign_in_refused"
    advice = "Sign in again. If it fails again, ask whoever manages the account to invite the address that you use there."


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a provider says somebody is."""

    issuer: str
    subject: str
    email: str | None
    """In small letters; only one that the provider has verified."""
    name: str | None


class Provider:
    """The one that the settings name."""

    def __init__(self, settings: OidcSettings, client: httpx.AsyncClient) -> None:
        self._settings, self._client = settings, client
        self._metadata: Mapping[str, Any] | None = None
        self._keys: Any = None
        self._metadata_until = self._keys_from = 0.0

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: OidcSettings) -> AsyncIterator[Self]:
        """Connects at first use; raises `Misconfigured` when what it takes is not installed."""
        if find_spec("authlib") is None:
            raise Misconfigured(
                "DIARIST_OIDC__ISSUER is set, but what signing in takes is not installed",
                advice="`pip install 'diarist[sign-in]'` brings it.",
            )
        async with httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False) as client:
            yield cls(settings, client)

    async def address(self, attempt: Attempt, redirect_uri: str) -> str:
        """Where the browser is to go; raises `ProviderUnavailable`."""
        endpoint = (await self._discovered())["authorization_endpoint"]
        async with self._oauth(redirect_uri) as oauth:
            url, _ = oauth.create_authorization_url(
                endpoint, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
            )
        return str(url)

    async def identity(self, attempt: Attempt, code: str, redirect_uri: str) -> Identity:
        """Who has come back with this code; raises `SignInRefused` and `ProviderUnavailable`."""
        metadata = await self._discovered()
        token = await self._token(metadata, attempt, code, redirect_uri)
        claims = await self._claims(metadata, token, attempt)
        if "email" not in claims and "userinfo_endpoint" in metadata:
            claims = {**await self._userinfo(metadata, token, claims["sub"]), **claims}
        verified = claims.get("email_verified") in {True, "true"} and isinstance(claims.get("email"), str)
        name = claims.get("name")
        return Identity(
            issuer=metadata["issuer"],
            subject=str(claims["sub"]),
            email=claims["email"].strip().lower() if verified else None,
            name=name[:120] if isinstance(name, str) and name.isprintable() else None,
        )

    async def _discovered(self) -> Mapping[str, Any]:
        if self._metadata is None or self._metadata_until < time.monotonic():
            issuer = self._settings.issuer.rstrip("/")
            found = await self._fetched(f"{issuer}/.well-known/openid-configuration")
            # Discovery 4.3: otherwise another provider could speak in this one's name.
            if found.get("issuer", "").rstrip("/") != issuer:
                raise ProviderUnavailable("the provider says that it is another one than DIARIST_OIDC__ISSUER")
            needed = {"authorization_endpoint", "token_endpoint", "jwks_uri"}
            if not all(_is_safe(found.get(name)) for name in needed):
                raise ProviderUnavailable(f"the provider does not name its {', '.join(sorted(needed))} as https addresses")
            self._metadata, self._metadata_until = found, time.monotonic() + _FRESH
        return self._metadata

    async def _token(self, metadata: Mapping[str, Any], attempt: Attempt, code: str, redirect_uri: str) -> Mapping[str, Any]:
        from authlib.common.errors import AuthlibBaseError

        async with self._oauth(redirect_uri) as oauth:
            try:
                found = await oauth.fetch_token(metadata["token_endpoint"], code=code, code_verifier=attempt.verifier)
            except AuthlibBaseError as error:
                raise SignInRefused(f"the provider refused the code: {error.error}") from error
            except (httpx.HTTPError, ValueError) as error:
                raise ProviderUnavailable(f"asking for a token: {type(error).__name__}") from error
        if not isinstance(found.get("id_token"), str):
            raise SignInRefused("the provider gave no ID token")
        token: Mapping[str, Any] = found
        return token

    async def _claims(self, metadata: Mapping[str, Any], token: Mapping[str, Any], attempt: Attempt) -> Mapping[str, Any]:
        from authlib.common.errors import AuthlibBaseError
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            for again in (False, True):
                keys = await self._key_set(metadata, again=again)
                try:
                    decoded = jwt.decode(token["id_token"], keys, algorithms=list(ALGORITHMS))
                    break
                except (JoseError, ValueError):
                    # Keys are rotated: one that is not known yet may have signed it.
                    if again:
                        raise
            options = {
                "iss": {"essential": True, "values": [metadata["issuer"]]},
                "aud": {"essential": True, "values": [self._settings.client_id]},
                "nonce": {"essential": True, "values": [attempt.nonce]},
            }
            params = {"nonce": attempt.nonce, "client_id": self._settings.client_id, "access_token": token.get("access_token")}
            claims = CodeIDToken(decoded.claims, decoded.header, options, params)
            claims.validate(leeway=_LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError) as error:
            raise SignInRefused(f"the ID token cannot be believed: {type(error).__name__}") from error
        return dict(claims)

    async def _userinfo(self, metadata: Mapping[str, Any], token: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
        found = await self._fetched(metadata["userinfo_endpoint"], {"Authorization": f"Bearer {token['access_token']}"})
        # OpenID Connect Core 5.3.2: what is said of somebody else must not be used.
        if found.get("sub") != subject:
            raise SignInRefused("the provider told of somebody else")
        return found

    async def _key_set(self, metadata: Mapping[str, Any], *, again: bool) -> Any:
        from joserfc.jwk import KeySet

        age = time.monotonic() - self._keys_from
        if self._keys is None or age > _FRESH or (again and age > self._settings.keys_again_seconds):
            self._keys = KeySet.import_key_set(await self._fetched(metadata["jwks_uri"]))  # type: ignore[arg-type]
            self._keys_from = time.monotonic()
        return self._keys

    async def _fetched(self, url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = await self._client.get(url, headers=dict(headers or {}))
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderUnavailable(f"asking {urlsplit(url).path}: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise ProviderUnavailable(f"{urlsplit(url).path} gave no object")
        return found

    def _oauth(self, redirect_uri: str) -> AsyncOAuth2Client:
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        return AsyncOAuth2Client(
            self._settings.client_id,
            self._settings.client_secret.get_secret_value() or None,
            scope="openid email profile",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self._settings.client_secret.get_secret_value() else "none",
            timeout=_TIMEOUT,
        )


def _is_safe(url: object) -> bool:
    parts = urlsplit(url) if isinstance(url, str) else None
    return parts is not None and (parts.scheme == "https" or parts.hostname in {"127.0.0.1", "localhost", "::1"})
