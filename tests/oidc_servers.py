"""Providers of OpenID Connect for tests: a real one by others, under Node.js, and one of ours that can be told to do wrong."""

from __future__ import annotations

import hmac
import os
import shutil
import subprocess
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from diarist.http.server import listening, served_beside
from diarist.settings.access import OidcSettings
from postgres_server import free_port
from waiting import until

CLIENT_ID, SECRET = "diary", "a-secret-of-the-tests-and-of-nobody-else"
_SOURCE = Path(__file__).parent / "oidc_provider"
_INSTALLED = _SOURCE.parents[1] / ".cache" / "oidc-provider"


def settings_for(issuer: str) -> OidcSettings:
    """Those of a server that trusts it; rotated keys are asked for at once."""
    return OidcSettings(issuer=issuer, client_id=CLIENT_ID, client_secret=SecretStr(SECRET), keys_again_seconds=0.0)


@contextmanager
def node_provider() -> Iterator[str]:
    """npm's `oidc-provider`; its issuer. Skips where there is no Node.js, or no registry to install it from."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("Node.js and npm are not installed")
    _install()
    port = free_port()
    process = subprocess.Popen(
        ["node", "provider.mjs"],
        cwd=_INSTALLED,
        env={**os.environ, "PORT": str(port), "CLIENT_SECRET": SECRET},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    issuer = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _answers(issuer), process=process)
        yield issuer
    finally:
        process.kill()
        process.wait()


class WrongProvider:
    """Speaks the wire format, and lies when it is told to."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.claims: dict[str, Any] = {"sub": "anna", "email": "anna@example.org", "email_verified": True, "name": "Anna Berg"}
        """What it says of whoever signs in, over what it should say."""
        self.algorithm = "RS256"
        self.named = issuer
        """As which it describes itself."""
        self.key = self.signs_with = RSAKey.generate_key(2048, {"kid": "first"})
        self.asked = 0
        """How often its keys were asked for."""
        self._codes: dict[str, dict[str, str]] = {}

    def rotate(self) -> None:
        """Sign with another key from now on."""
        self.key = self.signs_with = RSAKey.generate_key(2048, {"kid": f"after {self.key.kid}"})

    def app(self) -> Starlette:
        """What it serves."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._describe),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    async def _describe(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.named,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            }
        )

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 303)

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = self._codes.pop(form["code"], None)
        credentials = b64decode(request.headers["Authorization"].partition(" ")[2]).decode()
        challenge = _encoded(sha256(form["code_verifier"].encode()).digest())
        if asked is None or credentials != f"{CLIENT_ID}:{SECRET}" or challenge != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        usual = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        claims = {name: value for name, value in {**usual, **self.claims}.items() if value is not None}
        return JSONResponse({"access_token": "opaque", "token_type": "Bearer", "id_token": self._signed(claims)})

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.algorithm == "RS256":
            return jwt.encode({"alg": "RS256", "kid": self.signs_with.kid}, claims, self.signs_with)
        signed = ".".join(map(_encoded, (_json({"alg": self.algorithm, "kid": self.key.kid}), _json(claims))))
        # The old confusion: what everybody can read, the public key, is taken for a secret that both sides have.
        shared = hmac.digest(self.key.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{_encoded(shared) if self.algorithm == 'HS256' else ''}"

    async def _keys(self, _: Request) -> Response:
        self.asked += 1
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


@contextmanager
def wrong_provider() -> Iterator[WrongProvider]:
    """One of ours, on a loopback port."""
    with listening("127.0.0.1", 0) as listener:
        provider = WrongProvider(f"http://127.0.0.1:{listener.getsockname()[1]}")
        with served_beside(provider.app(), listener):
            yield provider


def _install() -> None:
    lock = (_SOURCE / "package-lock.json").read_bytes()
    stamp = _INSTALLED / "installed"
    if not stamp.exists() or stamp.read_bytes() != lock:
        _INSTALLED.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_SOURCE / name, _INSTALLED)
        done = subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=_INSTALLED, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"npm could not install oidc-provider: {done.stderr[-300:]}")
        stamp.write_bytes(lock)
    shutil.copy(_SOURCE / "provider.mjs", _INSTALLED)


def _answers(issuer: str) -> bool:
    try:
        return httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _json(value: dict[str, Any]) -> bytes:
    return httpx.Request("POST", "http://localhost", json=value).content
