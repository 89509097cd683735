"""What the dependencies of routes are for those whom nobody knows yet."""

from starlette.requests import Request

from diarist.accounts.current import current_runtime
from diarist.database.session import Database
from diarist.http.freshness import Freshness
from postgres_server import free_port


async def test_who_comes_to_sign_in_is_answered_where_a_replica_serves_the_reads(database: Database) -> None:
    runtime = object()
    async with Freshness.open(database, f"redis://127.0.0.1:{free_port()}/0") as freshness:
        state = {"runtime": runtime, "freshness": freshness}
        request = Request({"type": "http", "method": "GET", "path": "/auth/sign-in", "headers": [], "state": state})
        assert await current_runtime(request) is runtime
