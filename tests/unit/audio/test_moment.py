"""A recording's own moment is taken from headers that name one beyond doubt, and travels to whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from diarist.audio.moment import recorded_at
from diarist.audio.process import AudioProcess
from made_audio import beep, write_audio

MOMENT = datetime(2026, 11, 3, 18, 20, 11, tzinfo=UTC)


async def moment_of(path: Path, codec: str, **metadata: str) -> datetime | None:
    """What the audio process says of a second of sound with such a header."""
    process = AudioProcess()
    info = await process.inspect(write_audio(path, beep(1.0, 16_000), 16_000, codec, metadata=metadata))
    await process.close()
    return info.recorded_at


async def test_what_a_recorder_writes_into_its_file_is_known(tmp_path: Path) -> None:
    assert await moment_of(tmp_path / "memo.m4a", "aac", creation_time="2026-11-03T18:20:11Z") == MOMENT
    assert await moment_of(tmp_path / "memo.mka", "flac", creation_time="2026-11-03T19:20:11+01:00") == MOMENT


async def test_a_file_that_says_nothing_has_no_moment(tmp_path: Path) -> None:
    assert await moment_of(tmp_path / "memo.wav", "pcm_s16le", date="2026-11-03") is None


@pytest.mark.parametrize(
    "written",
    [
        "1904-01-01T00:00:00Z",  # the beginning of QuickTime's time
        "1970-01-01T00:00:00Z",
        "19:20:11",  # a WAV's time of day
        "2026-11-03T19:20:11",  # of which zone?
        "yesterday",
        "",
    ],
)
def test_what_cannot_be_or_is_in_doubt_is_left_alone(written: str) -> None:
    assert recorded_at({"creation_time": written}) is None
    assert recorded_at({}) is None


def test_nothing_was_recorded_in_a_month_from_now() -> None:
    assert recorded_at({"creation_time": (datetime.now(UTC) + timedelta(days=30)).isoformat()}) is None
