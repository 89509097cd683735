"""A primary and a streaming replica of it, both real."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.engine import make_url

from postgres_server import FAST, PostgresServer, command, free_port, private_folder, running_server, start, stop

REPLICATING = (*FAST, "wal_level=replica", "hot_standby=on", "max_wal_senders=4")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two servers; what is written to one is replayed by the other."""

    primary: PostgresServer
    replica: PostgresServer

    def hold(self) -> None:
        """Let the replica fall behind."""
        self.replica.execute("SELECT pg_wal_replay_pause()")
        while self.replica.execute("SELECT pg_get_wal_replay_pause_state()") != [("paused",)]:
            pass

    def go_on(self) -> None:
        """Let the replica catch up; returns when it has."""
        ((position,),) = self.primary.execute("SELECT pg_current_wal_insert_lsn()")
        self.replica.execute("SELECT pg_wal_replay_resume()")
        while self.replica.execute(f"SELECT pg_last_wal_replay_lsn() >= '{position}'") != [(True,)]:
            pass


@contextmanager
def replicated() -> Iterator[Pair]:
    """Both servers; the replica may be stopped meanwhile."""
    with running_server(options=REPLICATING) as primary, private_folder() as folder:
        data, port = folder / "data", free_port()
        command("pg_basebackup", "-D", data, "-R", "-X", "stream", "--no-sync", "--checkpoint=fast", "-d", primary.url)
        process = start(data, port, REPLICATING)
        try:
            yield Pair(primary, PostgresServer(f"postgresql://postgres@127.0.0.1:{port}/postgres"))
        finally:
            stop(process)


def replica_url(pair: Pair, url: str) -> str:
    """Where a database of the primary is found on the replica."""
    return pair.replica.url_of(make_url(url).database or "")
