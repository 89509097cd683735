"""A real pgbouncer that gives each transaction another connection."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import make_url

from postgres_server import PATIENCE, UNPRIVILEGED, PostgresServer, free_port, lets_people_in, private_folder, stop
from waiting import until

CONFIGURATION = """
[databases]
* = host={host} port={port} user={user} {password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
; Fewer than a test opens: whatever a transaction left behind would meet another one.
default_pool_size = 2
max_client_conn = 100
pidfile = {folder}/pgbouncer.pid
"""


def program() -> str | None:
    """Where pgbouncer lies; Debian keeps it from ordinary users."""
    return shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")


@contextmanager
def bouncing(server: PostgresServer) -> Iterator[PostgresServer]:
    """The same server, by way of pgbouncer in transaction mode."""
    found = program()
    assert found is not None
    url, listen_port = make_url(server.url), free_port()
    with private_folder() as folder:
        configuration = folder / "pgbouncer.ini"
        password = f"password={url.password}" if url.password else ""
        words = {"host": url.host, "port": url.port or 5432, "user": url.username, "password": password}
        configuration.write_text(CONFIGURATION.format(listen_port=listen_port, folder=folder, **words))
        process = subprocess.Popen([found, "-q", configuration], user=UNPRIVILEGED, cwd="/", stderr=subprocess.DEVNULL)
        try:
            through = PostgresServer(url.set(host="127.0.0.1", port=listen_port).render_as_string(hide_password=False))
            why = "pgbouncer did not answer"
            until(lambda: lets_people_in(through.url), patience=PATIENCE, pause=0.02, process=process, why=lambda: why)
            yield through
        finally:
            stop(process)
