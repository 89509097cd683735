"""What is done to a fleet in use: upgraded and rolled back, or upgraded beyond the point from which there is a way back."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
from standardwebhooks.webhooks import Webhook

import waiting
from access_keys import bearing
from chaos import audit, checks
from chaos.load import Acknowledged
from chaos.report import Finding, none
from upgrade import books, made_up
from upgrade.onlookers import Follower, Reader
from upgrade.releases import Release
from upgrade.scene import Scene, Uploading, onlookers, scene
from webhook_receiver import Received

SIDE_BY_SIDE = 6.0
"""Seconds for which half of the fleet is left as it is, with work going on."""
_CUT = ("ConnectError", "ReadError", "RemoteProtocolError", "WriteError")
"""How a connection ends that was kept open to an API that has ended; whoever asks again is answered by another one."""
_MEANT = ("WriteError", "409 offset_mismatch")
"""What those see who break an upload off in the middle, as some are to, and come back while its bytes are still being stored."""
_CUTS = 1
"""Of these, for each API that was replaced."""
_POLISHED = f"SELECT count(*) FROM tasks WHERE stage = '{made_up.STAGE}' AND state = 'succeeded'"  # noqa: S608 - a name of ours
_UNTOLD = """
SELECT count(*) FROM events WHERE at > (SELECT min(created_at) FROM subscriptions) AND NOT EXISTS (
    SELECT 1 FROM deliveries one
    WHERE one.kind = events.kind AND one.at = events.at AND one.job_id IS NOT DISTINCT FROM events.job_id
)
"""


def there_and_back(old: Release, new: Release, folder: Path, seed: int) -> tuple[list[Finding], Scene]:
    """Upgrade with everybody at work, roll all of it back, and let both releases read what has come of it."""
    with scene(old, new, folder) as at, onlookers(at, seed) as (readers, followers):
        uploading = Uploading(at, folder, seed)
        uploading.start()
        time.sleep(SIDE_BY_SIDE)
        before = at.migrate(new, "--phase", "pre")
        time.sleep(SIDE_BY_SIDE / 2)
        at.replace_all(new, but=3)
        time.sleep(SIDE_BY_SIDE)
        at.replace_all(new)
        after = at.migrate(new)
        secret = _subscribe(at)
        time.sleep(SIDE_BY_SIDE)
        at.replace_all(old, but=3)
        time.sleep(SIDE_BY_SIDE)
        at.replace_all(old)
        refused = at.command(old, "db", "upgrade", refused=True) if before["now"] != before["before"] else ""
        uploading.end()
        quiet = at.until_quiet()
        findings = [
            Finding(
                name="migrations applied while the old release worked",
                value=int(before["now"]) - int(before["before"]),
                detail=f"{before['before']} to {before['now']}",
            ),
            none("migrations left for when it had gone", before["left"]),
            Finding(name="migrations applied then", value=int(after["now"]) - int(after["before"])),
            Finding(
                name="refusals of the old release to migrate what is newer",
                value=int("only knows" in refused),
                detail=refused.strip()[-200:],
            ),
            *_of_the_clients(at, uploading, readers),
            *_of_the_followers(at, followers),
            *_of_the_results(at, uploading, old),
        ]
        at.add(new, "job-status-api")
        at.add(new, "llm-worker")
        for member in [one for one in at.fleet.of("job-status-api") if one.release == old]:
            at.fleet.end(member)
        findings += _read_by(at, uploading.clients.tally.acknowledged[::3], new)
        findings += _of_the_webhooks(at, secret)
        with at.connect() as connection:
            findings += books.of_both_releases(connection, old.name, new.name)
        findings += _of_the_processes(at, quiet)
    return findings, at


def beyond_return(old: Release, new: Release, folder: Path, seed: int) -> tuple[list[Finding], Scene]:
    """Upgrade half-way, go back, upgrade all, and take away what only the old release used: from then on it stays out."""
    with scene(old, new, folder) as at, onlookers(at, seed) as (readers, followers):
        uploading = Uploading(at, folder, seed)
        uploading.start()
        time.sleep(SIDE_BY_SIDE / 2)
        before = at.migrate(new, "--phase", "pre")
        at.replace_all(new, but=3)
        time.sleep(SIDE_BY_SIDE)
        at.replace_all(old)
        at.replace_all(new, but=1)
        refused = at.command(new, "db", "upgrade", "--wait", "2", refused=True)
        still = json.loads(at.command(new, "db", "current", "--json"))["current"]
        at.replace_all(new)
        after = at.migrate(new, "--wait", "60")
        late = at.fleet.begin(old, "transcription-worker")
        waiting.until(lambda: "only knows" in late.log.read_text(), patience=60, process=late.process)
        let_in = late.ready()
        at.fleet.end(late)
        time.sleep(SIDE_BY_SIDE / 2)
        uploading.end()
        quiet = at.until_quiet()
        with at.connect() as connection:
            [(polished,)] = audit.many(connection, _POLISHED)
            findings = [
                Finding(
                    name="migrations left for when the old release had gone",
                    value=len(before["left"]),
                    at_least=1,
                    detail=str(before["left"]),
                ),
                Finding(
                    name="refusals to take away what a program at work needs",
                    value=int(still == made_up.ADDED),
                    at_least=1,
                    detail=refused.strip()[-200:],
                ),
                Finding(name="taken away once it had gone", value=int(after["now"] == made_up.TAKEN), at_least=1),
                Finding(name="old programs that began to work afterwards", value=int(let_in), at_most=0),
                Finding(name="tasks of a stage that only the new release has", value=polished, at_least=3),
                *books.of_both_releases(connection, old.name, new.name),
            ]
        findings += _of_the_clients(at, uploading, readers)
        findings += _of_the_followers(at, followers)
        findings += _of_the_results(at, uploading, new)
        findings += _of_the_processes(at, quiet)
    return findings, at


def _subscribe(at: Scene) -> str:
    """Have webhooks sent, as only the new release does; the secret that they are signed with."""
    wanted = {"url": at.receiver.url, "events": [], "label": "upgrade"}
    answer = httpx.post(
        f"{at.writing[0].url}/v1/subscriptions", json=wanted, headers=bearing(at.key), timeout=30, trust_env=False
    )
    secret: str = answer.raise_for_status().json()["secret"]
    return secret


def _of_the_clients(at: Scene, uploading: Uploading, readers: Sequence[Reader]) -> list[Finding]:
    tally = uploading.clients.tally
    failures, answered, ways = Counter(tally.failures), Counter[int](), Counter(one.way for one in tally.acknowledged)
    for reader in readers:
        failures += reader.asked.failures
        answered += reader.asked.answered
    failures -= Counter(dict.fromkeys(_MEANT, ways["tus, interrupted"]))
    cut = sum(failures[kind] for kind in _CUT)
    apis = sum(one.kind == "replaced" and "-api/" in one.what for one in at.happened)
    return [
        Finding(
            name="recordings acknowledged",
            value=len(tally.acknowledged),
            at_least=40,
            detail=", ".join(f"{count} {way}" for way, count in ways.items()),
        ),
        none("recordings never acknowledged, however often tried", tally.unfinished),
        Finding(name="questions answered", value=answered.total(), at_least=200, detail=str(dict(answered))),
        none(
            "questions that a second try did not get answered", [path for reader in readers for path in reader.asked.unanswered]
        ),
        Finding(
            name="kept connections that ended in mid-request, answered at the next try",
            value=cut,
            at_most=_CUTS * apis,
            detail=str(dict(failures)),
        ),
        Finding(
            name="requests refused, or failed at a server", value=failures.total() - cut, at_most=0, detail=str(dict(failures))
        ),
        Finding(
            name="connections for which no API was ready",
            value=sum(front.turned_away for front in (*at.writing, at.reading)),
            at_most=0,
        ),
    ]


def _of_the_followers(at: Scene, followers: Sequence[Follower]) -> list[Finding]:
    with at.connect() as connection:
        [(last,)] = audit.many(connection, "SELECT max(position) FROM events")
        findings = []
        for follower, who in zip(followers, ("who follows at job-status-api", "who follows at ingestion-api"), strict=True):
            with suppress(AssertionError):  # told below, event by event
                waiting.until(follower.caught_up(last))
            findings += books.of_events(connection, follower, who)
            findings.append(
                Finding(name=f"streams that {who} opened", value=follower.streams, at_least=2, detail=str(dict(follower.refused)))
            )
            findings += [none(f"answers that {who} could not read", [follower.crash] if follower.crash else [])]
    return findings


def _of_the_results(at: Scene, uploading: Uploading, release: Release) -> list[Finding]:
    with at.connect() as connection:
        found = checks.by_the_books(connection, uploading.clients.tally)
    return [*found, *_read_by(at, uploading.clients.tally.acknowledged, release)]


def _read_by(at: Scene, given: Sequence[Acknowledged], release: Release) -> list[Finding]:
    found = checks.by_http(at.reading.url, at.key, given)
    return [Finding(name=f"{one.name} ({release.name} reads)", value=one.value, at_most=0, detail=one.detail) for one in found]


def _of_the_webhooks(at: Scene, secret: str) -> list[Finding]:
    """Those that the new release has written down are sent, by whichever of its programs comes; the old one knows none."""
    with at.connect() as connection:
        with suppress(AssertionError):  # told below
            waiting.until(lambda: not _unsent(connection), patience=60)
        deliveries = {row[0] for row in audit.many(connection, "SELECT event_id::text FROM deliveries")}
        [(untold,)] = audit.many(connection, _UNTOLD)
    received = {one.id for one in at.receiver.received if _signed(one, secret)}
    return [
        Finding(name="webhooks sent, and signed as they should be", value=len(received), at_least=5),
        none("webhooks that were written down and not sent", deliveries - received),
        Finding(
            name="events after the subscription that the old release told no webhook of", value=untold, detail="it knows none"
        ),
    ]


def _signed(received: Received, secret: str) -> bool:
    """Whether by the official library; it would not look at one of some minutes ago by itself."""
    at = datetime.fromtimestamp(int(received.headers["webhook-timestamp"]), UTC)
    return Webhook(secret).sign(received.id, at, received.body.decode()) in received.headers["webhook-signature"].split()


def _unsent(connection: psycopg.Connection) -> int:
    [(count,)] = audit.many(connection, "SELECT count(*) FROM deliveries WHERE state <> 'succeeded'")
    return int(count)


def _of_the_processes(at: Scene, quiet: float) -> list[Finding]:
    killed = [f"{name} ended with {status}" for name, status in at.fleet.statuses.items() if status]
    crashed = [member.name for member in at.fleet.running() if member.process.poll() is not None]
    logs = [path.name for path in at.logs() if '"task.crashed"' in path.read_text() or '"sweep.failed"' in path.read_text()]
    return [
        none("processes that did not end in good order", [*killed, *crashed]),
        none("processes that met an error nobody expected", logs),
        Finding(name="until all was quiet", value=round(quiet), unit="s"),
    ]
