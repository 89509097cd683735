"""Whether an hour of sound costs the same in long recordings as in short ones, and how soon a long one gives its first text."""

from __future__ import annotations

import asyncio
import tempfile
import time
import wave
from pathlib import Path
from statistics import median
from uuid import UUID

import numpy as np
from comparison import OURS, Row
from material import RATE, read, write_wav
from system import running

from diarist.cli.evaluating.listening import Listener
from diarist.cli.uploading import pieces
from diarist.errors import NotFound
from diarist.jobs.service import cancel_job
from diarist.recordings.service import add_recording, delete_recording
from diarist.transcription.service import read_transcript

GROWTH_PERCENT = 15.0
FIRST_TEXT_SECONDS = 20.0


def measure(block: list[Path], cache_dir: Path, *, repeats: int) -> list[Row]:
    """`block`: recordings that together are the short one; `repeats` of it are the long one, twice that is for the first text."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        short, long, longest = (_repeated(block, folder / f"{count}.wav", count) for count in (1, repeats, repeats * 2))
        costs = asyncio.run(_costs(folder / "costs", [short, long], cache_dir))
        first = asyncio.run(_first_text(folder / "first", longest, cache_dir))
        minutes, longer, most = (round(_seconds(path) / 60) for path in (short, long, longest))
    growth = (costs[1] / costs[0] - 1) * 100
    return [
        Row(section="tiny.en", name=f"an hour's cost in {minutes} min", unit="s", values={OURS: costs[0]}),
        Row(section="tiny.en", name=f"an hour's cost in {longer} min", unit="s", values={OURS: costs[1]}),
        Row(section="tiny.en", name="growth of cost", unit="%", values={OURS: growth}, goal=GROWTH_PERCENT),
        Row(section="base", name=f"first text of {most} min", unit="s", values={OURS: first}, goal=FIRST_TEXT_SECONDS),
    ]


async def _costs(folder: Path, paths: list[Path], cache_dir: Path) -> list[float]:
    """Seconds for an hour of each: of the short one the median of three, of which the first has to load the model."""
    async with running(folder, "tiny.en", cache_dir) as system:
        turns = [paths[0], paths[0], paths[0], *paths[1:]]
        heard = [(path, (await system.hear(path))[1] * 3600 / _seconds(path)) for path in turns]
    return [median(cost for path, cost in heard if path == wanted) for wanted in paths]


async def _first_text(folder: Path, path: Path, cache_dir: Path) -> float:
    """Seconds from the first byte to the first text, the model not yet loaded."""
    async with running(folder, "base", cache_dir) as system:
        runtime, account = system.here.runtime, system.here.account_id
        started = time.perf_counter()
        added = await add_recording(runtime, account, path.name, pieces(path, lambda _: None))
        while not await _has_text(system, added.recording.id):
            await asyncio.sleep(0.05)
        elapsed = time.perf_counter() - started
        await cancel_job(runtime, account, added.job.id)
        await delete_recording(runtime, account, added.recording.id)
    return elapsed


async def _has_text(system: Listener, recording_id: UUID) -> bool:
    try:
        transcript = await read_transcript(system.here.runtime, system.here.account_id, recording_id)
    except NotFound:
        return False
    return bool(transcript.segments)


def _repeated(block: list[Path], path: Path, count: int) -> Path:
    write_wav(path, np.concatenate([read(one) for one in block]), RATE, times=count)
    return path


def _seconds(path: Path) -> float:
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()
