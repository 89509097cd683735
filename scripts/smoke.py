"""Checks a deployed system from outside: gives it a recording, reads what it made of it, and deletes it again, as its users do.

    DIARIST_API_KEY=diarist_… python scripts/smoke.py https://diary.example.org --version 1.2.3

The key should be of an account of its own, with the scopes `read`, `add` and `edit`. 1 where something is not as it should be.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from diarist.client import Client
from diarist.client.schemas.entries import Entry
from diarist.client.schemas.recordings import Added
from diarist.client.schemas.transcripts import Transcript
from diarist.errors import DiaristError, NotFound

SAMPLE = Path(__file__).parents[1] / "samples" / "tuesday_evening.opus"
SHARE_OF_WORDS = 0.75
"""Of the words in the text beside a recording that have to be in its transcript; engines differ."""
HTTP_OK, HTTP_UNAUTHORIZED = 200, 401


class Wrong(Exception):
    """The system does not do what it should."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check came to."""

    check: str
    ok: bool
    seconds: float
    detail: str


class Headed(httpx.HTTPTransport):
    """The way to a server on which every request carries these headers, by which a canary is chosen."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self._headers = headers

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.headers.update(self._headers)
        return super().handle_request(request)


class Visit:
    """One round through a system; each check adds an outcome, and the first that fails ends the round."""

    def __init__(self, web: httpx.Client, diarist: Client, wanted: argparse.Namespace) -> None:
        self._web, self._diarist, self._wanted = web, diarist, wanted
        self.outcomes: list[Outcome] = []

    def run(self) -> bool:
        """Whether everything is as it should be."""
        try:
            self._check("ready", self._is_ready)
            if self._wanted.version:
                self._check("version", self._has_version)
            if self._wanted.key:
                self._check("strangers", self._refuses_strangers)
            with self._given() as added:
                self._check("works", lambda: self._works(added))
                self._check("transcript", lambda: self._heard(self._diarist.transcripts.get(added.recording_id)))
                self._check("entry", lambda: self._proven(self._diarist.entries.latest(added.recording_id), added))
                self._check("audio", lambda: self._plays(added))
        except Wrong:
            return False
        return True

    def _check(self, name: str, does: Callable[[], str]) -> None:
        begun, ok = time.monotonic(), True
        try:
            detail = does()
        except (Wrong, DiaristError, httpx.HTTPError) as error:
            ok, detail = False, f"{error}" or type(error).__name__
        self.outcomes.append(Outcome(name, ok, round(time.monotonic() - begun, 2), detail))
        if not ok:
            raise Wrong(detail)

    def _is_ready(self) -> str:
        answer = self._web.get("/health/ready")
        if answer.status_code != HTTP_OK:
            raise Wrong(f"/health/ready answered {answer.status_code}: {answer.text[:300]}")
        if degraded := answer.json().get("degraded"):
            return f"degraded: {'; '.join(degraded)}"
        return ""

    def _has_version(self) -> str:
        served = str(self._web.get("/openapi.json").raise_for_status().json()["info"]["version"])
        if served != self._wanted.version:
            raise Wrong(f"{served} is served, not {self._wanted.version}")
        return served

    def _refuses_strangers(self) -> str:
        answer = self._web.get("/v1/recordings")
        if answer.status_code != HTTP_UNAUTHORIZED:
            raise Wrong(f"whoever has no key is answered {answer.status_code}")
        return "nobody gets in without a key"

    @contextmanager
    def _given(self) -> Iterator[Added]:
        """The recording, which is deleted in the end, come what may."""
        given: list[Added] = []
        self._check("upload", lambda: self._give(given))
        passed = False
        try:
            yield given[0]
            passed = True
        finally:
            if passed:
                self._check("deletion", lambda: self._delete(given[0]))
            else:
                self._tidy(given[0])

    def _give(self, given: list[Added]) -> str:
        added = self._diarist.recordings.add(self._wanted.recording)
        if not added.created:
            # Left by a round that was cut off; its work proves nothing about the system of today.
            self._diarist.recordings.delete(added.recording_id)
            added = self._diarist.recordings.add(self._wanted.recording)
        given.append(added)
        return str(added.recording_id)

    def _works(self, added: Added) -> str:
        job = self._diarist.jobs.wait(added.job_id, timeout=self._wanted.patience)
        job.raise_if_failed()
        if job.state != "succeeded":
            raise Wrong(f"the job {job.id} ended as {job.state}")
        return "; ".join(warning.message for warning in job.warnings)

    def _heard(self, transcript: Transcript) -> str:
        if transcript.partial or transcript.gaps:
            raise Wrong("a part of the recording was not transcribed")
        beside = self._wanted.recording.with_suffix(".txt")
        if not beside.is_file():
            return f"{len(transcript.text.split())} words"
        said, heard = _words(beside.read_text(encoding="utf-8")), _words(transcript.text)
        share = len(said & heard) / len(said)
        if share < SHARE_OF_WORDS:
            raise Wrong(f"only {share:.0%} of the words that are spoken were heard")
        return f"{share:.0%} of the words, by {transcript.engine}"

    def _proven(self, entry: Entry, added: Added) -> str:
        if not entry.sentences:
            raise Wrong("the entry is empty")
        text = self._diarist.transcripts.get(added.recording_id).text
        for sentence in entry.sentences:
            if not sentence.citations or any(citation.quote not in text for citation in sentence.citations):
                raise Wrong("a sentence of the entry is not proven by the transcript")
        return f"{len(entry.sentences)} sentences, composed by {entry.composed_by}"

    def _plays(self, added: Added) -> str:
        digest = hashlib.sha256()
        for piece in self._diarist.recordings.audio(added.recording_id):
            digest.update(piece)
        if digest.digest() != hashlib.sha256(self._wanted.recording.read_bytes()).digest():
            raise Wrong("the audio that comes back is not what was given")
        return "what comes back is what was given"

    def _delete(self, added: Added) -> str:
        self._diarist.recordings.delete(added.recording_id)
        try:
            self._diarist.recordings.get(added.recording_id)
        except NotFound:
            return ""
        raise Wrong("the recording is still there")

    def _tidy(self, added: Added) -> None:
        try:
            self._diarist.recordings.delete(added.recording_id)
        except DiaristError as error:
            self.outcomes.append(Outcome("deletion", ok=False, seconds=0.0, detail=str(error)))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower()))


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise argparse.ArgumentTypeError("a header is NAME:VALUE")
    return name.strip(), value.strip()


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="where the system is, such as https://diary.example.org")
    parser.add_argument("--version", help="the version that has to be served")
    parser.add_argument("--recording", type=Path, default=SAMPLE, help="what is given; the text beside it has to be heard")
    parser.add_argument(
        "--header", type=_header, action="append", default=[], metavar="NAME:VALUE", help="goes with each request"
    )
    parser.add_argument("--patience", type=float, default=600.0, help="seconds that the work on the recording may take")
    parser.add_argument("--rounds", type=int, default=1, help="how often all of it is done")
    parser.add_argument("--pause", type=float, default=30.0, help="seconds between two rounds")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each check")
    arguments = parser.parse_args(given)
    arguments.key = os.environ.get("DIARIST_API_KEY", "")
    if not arguments.recording.is_file():
        parser.error(f"there is no recording {arguments.recording}")
    return arguments


def main(arguments: Sequence[str] | None = None) -> int:
    """As many rounds as are wanted; the first that fails is the last."""
    wanted = _arguments(arguments)
    headers = dict(wanted.header)
    for number in range(wanted.rounds):
        if number:
            time.sleep(wanted.pause)
        with (
            httpx.Client(base_url=wanted.url, timeout=30.0, transport=Headed(headers)) as web,
            Client(wanted.url, wanted.key or None, transport=Headed(headers)) as diarist,
        ):
            visit = Visit(web, diarist, wanted)
            well = visit.run()
        for outcome in visit.outcomes:
            if wanted.json:
                print(json.dumps(asdict(outcome)))
            else:
                print(f"{'ok  ' if outcome.ok else 'FAIL'}  {outcome.check:<10}  {outcome.seconds:7.2f} s  {outcome.detail}")
        sys.stdout.flush()
        if not well:
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
