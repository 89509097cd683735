"""PostgreSQL as the drill loses it: a primary that waits for its standby, servers that are killed, data folders that are gone."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

from postgres_server import PostgresServer, command, free_port, start, stop

_OPTIONS = ("fsync=off", "max_connections=200", "shared_buffers=32MB", "wal_level=replica", "hot_standby=on", "max_wal_senders=4")
"""What is killed here is processes; what they gave to the system is written all the same."""


class Server:
    """One server and its data folder."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def postgres(self) -> PostgresServer:
        return PostgresServer(self.url)

    def initialise(self) -> None:
        command("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-locale")
        self.start()

    def follow(self, primary: Server) -> None:
        """Become a streaming standby, and let the primary say done only once it is written here too."""
        command("pg_basebackup", "-D", self.data, "-R", "-X", "stream", "--no-sync", "--checkpoint=fast", "-d", primary.url)
        self.start()
        primary.postgres.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.postgres.execute("SELECT pg_reload_conf()")

    def start(self) -> None:
        self._process = start(self.data, self.port, _OPTIONS)

    def promote(self) -> None:
        """Become the primary, which waits for nobody."""
        command("pg_ctl", "promote", "-D", self.data, "-w")
        self.postgres.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
        self.postgres.execute("SELECT pg_reload_conf()")

    def lose(self) -> None:
        """Its machine and its disk are gone."""
        self.close(signal.SIGKILL)
        shutil.rmtree(self.data, ignore_errors=True)

    def close(self, how: signal.Signals = signal.SIGINT) -> None:
        if self._process is not None:
            stop(self._process, how)
            self._process = None
