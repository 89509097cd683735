"""Signing in and out over HTTP; browsers come here by links and redirects."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from diarist.accounts.current import CurrentCaller, CurrentRuntime
from diarist.accounts.sign_in.attempt import Attempt
from diarist.accounts.sign_in.cookies import forget, remember_attempt, remember_session
from diarist.accounts.sign_in.provider import Provider, ProviderUnavailable, SignInRefused
from diarist.accounts.sign_in.service import recognised
from diarist.accounts.users.repository import get_user
from diarist.accounts.users.schemas import Session, user_from_row
from diarist.accounts.users.sessions import begin_session, csrf_token, end_session
from diarist.domain.events import access_changed
from diarist.errors import NotSupported
from diarist.http.cookies import ATTEMPT, SESSION, cookie_name
from diarist.http.openapi import problems
from diarist.runtime import Runtime

router = APIRouter(tags=["sign-in"])
CALLBACK = "/auth/callback"


@router.get(
    "/auth/sign-in",
    status_code=303,
    response_class=Response,
    responses={303: {"description": "To the provider."}, **problems(NotSupported, ProviderUnavailable)},
)
async def sign_in(
    request: Request,
    runtime: CurrentRuntime,
    return_to: Annotated[str, Query(max_length=500, description="The path to go to afterwards.")] = "/",
) -> Response:
    """Go and sign in with the provider of the installation."""
    provider, attempt = _provider(request), Attempt.new(return_to)
    response = RedirectResponse(await provider.address(attempt, _callback(request, runtime)), 303)
    remember_attempt(response, runtime.settings, attempt)
    return response


@router.get(
    CALLBACK,
    status_code=303,
    response_class=Response,
    responses={303: {"description": "Signed in."}, **problems(NotSupported, ProviderUnavailable, SignInRefused)},
)
async def come_back(
    request: Request,
    runtime: CurrentRuntime,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Where the provider sends browsers back to; those who are invited are let in."""
    provider, settings = _provider(request), runtime.settings
    attempt = Attempt.from_cookie(_cookie(request, runtime, ATTEMPT))
    if attempt is None or not attempt.is_answered_by(state):
        raise SignInRefused("this browser did not begin to sign in, or took too long")
    if not code:
        raise SignInRefused("the provider did not let you in")
    identity = await provider.identity(attempt, code, _callback(request, runtime))
    async with runtime.database.write() as session:
        user = await recognised(session, identity)
        secret = await begin_session(session, user, timedelta(seconds=settings.oidc.session_seconds))
    response = RedirectResponse(attempt.return_to, 303)
    remember_session(response, settings, secret)
    return response


@router.get("/v1/session", responses=problems())
async def get_session(request: Request, runtime: CurrentRuntime, caller: CurrentCaller) -> Session:
    """Who asks, and what they may do."""
    user = None
    if caller.user_id is not None:
        async with runtime.database.read() as session:
            user = user_from_row(await get_user(session, caller.account_id, caller.user_id))
    secret = _cookie(request, runtime, SESSION)
    return Session(
        account_id=caller.account_id,
        permissions=sorted(caller.permissions),
        user=user,
        csrf_token=csrf_token(secret) if secret and caller.key_id is None and user else None,
    )


@router.delete("/v1/session", status_code=204, responses=problems())
async def sign_out(request: Request, response: Response, runtime: CurrentRuntime, caller: CurrentCaller) -> None:
    """End the session of this browser, and what it streams; a key is not touched."""
    secret = _cookie(request, runtime, SESSION)
    if secret:
        async with runtime.database.write() as session:
            await end_session(session, secret)
            runtime.event_log.hint(session, access_changed(caller.account_id, user_id=caller.user_id))
        request.state.door.forget_session(secret)
    forget(response, runtime.settings, SESSION)


def _provider(request: Request) -> Provider:
    provider: Provider | None = getattr(request.state, "provider", None)
    if provider is None:
        raise NotSupported("nobody signs in here", advice="Set DIARIST_OIDC__ISSUER and DIARIST_OIDC__CLIENT_ID, or use a key.")
    return provider


def _callback(request: Request, runtime: Runtime) -> str:
    """By the public address where it is known; `Host` has been checked, so that it names this server."""
    return f"{(runtime.settings.http.public_url or str(request.base_url)).rstrip('/')}{CALLBACK}"


def _cookie(request: Request, runtime: Runtime, name: str) -> str:
    return request.cookies.get(cookie_name(name, runtime.settings.http), "")
