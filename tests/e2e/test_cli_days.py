"""The diary by days at the command line: for people, for machines and as files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from command_line import SAMPLE, CommandLine

pytestmark = pytest.mark.slow

SAID = "I walked to the mill with Anna. It rained the whole way. I have to call Ben tomorrow."


@pytest.fixture(scope="module")
def diary(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """With one recording, of half past one at night in Berlin."""
    line = CommandLine(tmp_path_factory.mktemp("days"), script=f"say={SAID}")
    assert "Nothing was recorded on" in line.call("day").err
    assert line.run("add", SAMPLE).status == 0
    assert line.call("account", "days", "--time-zone", "Europe/Berlin").out == "local: days of Europe/Berlin, from 04:00 on\n"
    dated = line.call("date", "last", "2026-11-04 01:30")
    assert (dated.status, "it stands on `diarist day 2026-11-03`" in dated.err) == (0, True), dated.err
    return line


def test_a_day_reads_like_a_page(diary: CommandLine) -> None:
    page = diary.call("day", "2026-11-03").out
    lines = page.splitlines()

    assert lines[:2] == ["Tuesday, 3 November 2026", "1 recording · 0:59 · Europe/Berlin"]
    assert lines[3].startswith("01:30  ")
    assert "I walked to the mill with Anna.\N{NO-BREAK SPACE}[0:00] It rained the whole way.\N{NO-BREAK SPACE}[0:" in lines[4]
    assert "•  Call Ben tomorrow  (due: tomorrow, 2026-11-04)  01:30\N{NO-BREAK SPACE}[0:" in page
    assert "Anna 01:30\N{NO-BREAK SPACE}[0:00]" in page
    assert diary.call("day", "last").out == page


def test_machines_get_the_page_whole(diary: CommandLine) -> None:
    day = diary.call("day", "last", "--json").json["day"]
    assert (day["date"], day["recordings"][0]["local_time"]) == ("2026-11-03", "01:30")
    assert day["recordings"][0]["entry"] == diary.call("entry", "last", "--json").json["entry"]
    [listed] = diary.call("days", "--json").json["days"]
    assert (listed["date"], listed["recordings"], listed["entries"]) == ("2026-11-03", 1, 1)
    assert diary.call("days").out.splitlines()[1].startswith("2026-11-03  Tue  1 ")


def test_a_day_is_written_as_a_file(diary: CommandLine, tmp_path: Path) -> None:
    for ending, beginning in (("md", b'---\ntitle: "Tuesday, 3 November 2026"\n'), ("docx", b"PK"), ("pdf", b"%PDF-")):
        assert diary.call("day", "last", "-o", tmp_path / f"day.{ending}").status == 0
        assert (tmp_path / f"day.{ending}").read_bytes().startswith(beginning)


def test_days_are_named_in_words_and_what_is_none_is_refused(diary: CommandLine) -> None:
    today = diary.call("day", "--json").json["day"]["date"]
    yesterday = diary.call("day", "yesterday", "--json").json["day"]["date"]
    assert abs(datetime.fromisoformat(today).replace(tzinfo=UTC) - datetime.now(UTC)) < timedelta(days=2)
    assert datetime.fromisoformat(today) - datetime.fromisoformat(yesterday) == timedelta(days=1)
    assert "`diarist day 2026-11-03` shows the newest" in diary.call("day").err
    for wrong in ("tomorrow", "2026-02-30", "3.11."):
        assert diary.call("day", wrong).status == 10
    for wrong in ("noon", "2027-13-01 10:00"):
        assert diary.call("date", "last", wrong).status == 10


def test_an_account_says_its_zone_and_when_its_days_begin(diary: CommandLine) -> None:
    assert diary.call("account", "add", "zoe", "--json").json["account"]["day_begins"] == "04:00"
    told = diary.call("account", "days", "zoe", "--begin", "00:00", "--time-zone", "Asia/Tokyo", "--json").json["account"]
    assert (told["time_zone"], told["day_begins"]) == ("Asia/Tokyo", "00:00")
    assert diary.call("account", "days", "zoe").out == "zoe: days of Asia/Tokyo, from 00:00 on\n"
    for wrong in (("--time-zone", "Berlin"), ("--begin", "13:00")):
        assert diary.call("account", "days", "zoe", *wrong).status == 10
