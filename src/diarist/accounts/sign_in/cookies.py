"""Cookies of browsers that sign in; nobody but this server can set or read them."""

from __future__ import annotations

from starlette.responses import Response

from diarist.accounts.sign_in.attempt import LASTS, Attempt
from diarist.http.cookies import ATTEMPT, SESSION, cookie_name, only_by_tls
from diarist.settings import Settings


def remember_attempt(response: Response, settings: Settings, attempt: Attempt) -> None:
    """Until the browser comes back."""
    _set(response, settings, ATTEMPT, attempt.cookie, LASTS)


def remember_session(response: Response, settings: Settings, secret: str) -> None:
    """For as long as the session lasts; the attempt is over."""
    _set(response, settings, SESSION, secret, int(settings.oidc.session_seconds))
    forget(response, settings, ATTEMPT)


def forget(response: Response, settings: Settings, name: str) -> None:
    """Take a cookie away."""
    _set(response, settings, name, "", 0)


def _set(response: Response, settings: Settings, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        # Lax: with strict, who comes back from the provider would seem to be a stranger at first.
        cookie_name(name, settings.http), value, max_age=seconds, path="/", secure=only_by_tls(settings.http), httponly=True,
        samesite="lax",
    )  # fmt: skip
