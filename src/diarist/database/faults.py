"""Turns what drivers raise into errors of ours, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from diarist.errors import DatabaseUnavailable, DiaristError, InvalidInput, StorageFull, WrittenMeanwhile

_DAMAGE = ("file is not a database", "malformed")
"""What SQLite says of a file that it cannot make sense of."""
_UNIQUE = ("UNIQUE constraint failed", "duplicate key value")
_ADVICE = {
    "password authentication failed": "Correct the user or the password in DIARIST_DATABASE__URL.",
    "no password supplied": "Put the password into DIARIST_DATABASE__URL.",
    "no pg_hba.conf entry": "The server refuses this user, host or lack of TLS; its pg_hba.conf decides.",
    'role "': "Create the user at the server, or correct DIARIST_DATABASE__URL.",
    'database "': "Create it (`createdb NAME`), or correct the name in DIARIST_DATABASE__URL; then run `diarist db upgrade`.",
    "too many clients": "Raise max_connections, put pgbouncer before it, or lower DIARIST_DATABASE__POOL_SIZE.",
    "remaining connection slots": "Raise max_connections, put pgbouncer before it, or lower DIARIST_DATABASE__POOL_SIZE.",
    "starting up": "The server is starting; try again in a moment.",
    "shutting down": "The server is being restarted; try again in a moment.",
    "Connection refused": "Start the server, or correct host and port in DIARIST_DATABASE__URL.",
    "No such file or directory": "Start the server, or correct the socket's folder in DIARIST_DATABASE__URL.",
    "resolve host": "Correct the host in DIARIST_DATABASE__URL.",
}
"""What to do about what PostgreSQL says while one connects, when there is no code to go by yet."""
_DISK_FULL = "53100"
_CODES = {
    # https://www.postgresql.org/docs/current/errcodes-appendix.html
    "25006": ("the database only lets itself be read", "DIARIST_DATABASE__URL must name the primary, not a replica."),
    "25P03": ("the transaction stood still for too long and was given up", None),
    "40001": ("another transaction got in the way", None),
    "40P01": ("two transactions waited for each other", None),
    "42501": ("the user may not do this", "Grant the user of DIARIST_DATABASE__URL the rights on the tables."),
    "42703": ("a column is missing", "Run `diarist db upgrade`."),
    "42P01": ("a table is missing", "Run `diarist db upgrade`."),
    "53300": ("too many connections", _ADVICE["too many clients"]),
    "55P03": ("another transaction held a lock for too long", None),
    "57014": ("the statement took too long", None),
    "57P01": ("the server is being restarted", None),
    "57P02": ("the server has crashed and recovers", None),
    "57P03": ("the server is starting", None),
}


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a driver raises into errors of ours; what only a bug can bring about stays as it is."""
    try:
        yield
    except PoolExhausted as error:
        raise DatabaseUnavailable(
            "all connections to the database are in use",
            advice="Try again in a moment; DIARIST_DATABASE__POOL_SIZE allows more.",
        ) from error
    except UnicodeEncodeError as error:
        raise InvalidInput("a text holds a character that cannot be stored (half of a surrogate pair)") from error
    except DBAPIError as error:
        ours = _translate(error)
        if ours is None:
            raise
        raise ours from error


def _translate(error: DBAPIError) -> DiaristError | None:
    said = " ".join(str(error.orig).split())
    if isinstance(error, DataError):
        return InvalidInput(f"a value cannot be stored: {said}")
    if isinstance(error, IntegrityError):
        return WrittenMeanwhile() if said.startswith(_UNIQUE) else None
    if getattr(error.orig, "sqlstate", None) == _DISK_FULL or (isinstance(error, OperationalError) and "is full" in said):
        return StorageFull("The disk that holds the database is full.")
    return _unavailable(error, said)


def _unavailable(error: DBAPIError, said: str) -> DatabaseUnavailable | None:
    code = getattr(error.orig, "sqlstate", None)
    if code in _CODES:
        reason, advice = _CODES[code]
        return DatabaseUnavailable(f"{reason}: {said}", advice=advice)
    if error.connection_invalidated:
        return DatabaseUnavailable("the connection to the database broke")
    if isinstance(error, OperationalError):
        advice = next((advice for sign, advice in _ADVICE.items() if sign in said), None)
        return DatabaseUnavailable(f"the database did not answer: {said}", advice=advice)
    if any(sign in said for sign in _DAMAGE):
        return DatabaseUnavailable(
            f"the database is damaged: {said}",
            advice="Put a backup of it in its place, or move the file away to begin with an empty one.",
        )
    return None
