import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from subprocess import run

import psutil
import pytest

from diarist.audio.plan import plan
from diarist.audio.probe import probe
from diarist.audio.process import AudioProcess
from diarist.domain.audio import PlanSummary
from diarist.errors import Empty, NoAudioTrack, TooLong, UndecodableAudio
from made_audio import beep, claim_wav_bytes, keep, noise, write_audio, write_video


@pytest.fixture
async def audio() -> AsyncIterator[AudioProcess]:
    process = AudioProcess()
    yield process
    await process.close()


async def test_inspecting_gives_what_probing_gives(audio: AudioProcess, tmp_path: Path) -> None:
    path = write_audio(tmp_path / "a b\n🎙️.m4a", beep(2.0, 44_100), 44_100, "aac")
    assert await audio.inspect(path) == probe(path)


async def test_planning_gives_what_planning_gives(audio: AudioProcess, tmp_path: Path) -> None:
    path = claim_wav_bytes(write_audio(tmp_path / "a.wav", noise(65.0), 16_000, "pcm_s16le"), 36_000 * 32_000)
    items = [item async for item in audio.plan(path, target=20.0)]
    assert items == list(plan(path, target=20.0))
    *_, summary = items
    assert isinstance(summary, PlanSummary)
    assert [notice.code for notice in summary.warnings] == ["header_mismatch"]


async def test_a_recording_may_be_so_long_and_no_longer(audio: AudioProcess, tmp_path: Path) -> None:
    path = write_audio(tmp_path / "a.flac", noise(3.0), 16_000, "flac")
    assert [item async for item in audio.plan(path, target=20.0, longest=3.0)]
    with pytest.raises(TooLong, match="longer than"):
        [item async for item in audio.plan(path, target=20.0, longest=2.9)]


async def test_a_resumed_plan_goes_on(audio: AudioProcess, tmp_path: Path) -> None:
    path = write_audio(tmp_path / "a.wav", noise(65.0), 16_000, "pcm_s16le")
    through = [item async for item in audio.plan(path, target=20.0) if isinstance(item, tuple)]
    chunk, _ = through[0]
    rest = [item async for item in audio.plan(path, target=20.0, resume_from=(1, chunk.end)) if isinstance(item, tuple)]
    assert rest == through[1:]


async def test_refusals_keep_their_class_message_and_advice(audio: AudioProcess, tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp3"
    empty.touch()
    with pytest.raises(Empty):
        await audio.inspect(empty)
    with pytest.raises(NoAudioTrack):
        await audio.inspect(write_video(tmp_path / "film.mp4", sound=None))
    cut = keep(write_audio(tmp_path / "a.m4a", beep(2.0, 44_100), 44_100, "aac"), 0.7)
    with pytest.raises(UndecodableAudio) as caught:
        [item async for item in audio.plan(cut, target=20.0)]
    with pytest.raises(UndecodableAudio) as here:
        list(plan(cut, target=20.0))
    assert (caught.value.message, caught.value.advice) == (here.value.message, here.value.advice)


async def test_a_plan_that_is_given_up_leaves_no_child_at_work(audio: AudioProcess, tmp_path: Path) -> None:
    path = write_audio(tmp_path / "a.wav", noise(600.0), 16_000, "pcm_s16le")
    children = set(psutil.Process().children())
    async with aclosing(audio.plan(path, target=20.0)) as items:
        await anext(items)
        started = set(psutil.Process().children()) - children
    assert len(started) == 1
    assert not any(child.is_running() for child in started)
    assert (await audio.inspect(path)).sample_rate == 16_000, "the next call starts another"


async def test_a_cancelled_plan_leaves_no_child_at_work(audio: AudioProcess, tmp_path: Path) -> None:
    path = write_audio(tmp_path / "a.wav", noise(600.0), 16_000, "pcm_s16le")
    children = set(psutil.Process().children())
    begun = asyncio.Event()

    async def work() -> None:
        async for _ in audio.plan(path, target=20.0):
            begun.set()

    task = asyncio.create_task(work())
    await begun.wait()
    started = set(psutil.Process().children()) - children
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(started) == 1
    assert not any(child.is_running() for child in started)


def test_the_parent_loads_neither_numpy_nor_ffmpeg() -> None:
    code = "import sys, diarist.audio.process; sys.exit(any(name in sys.modules for name in ('numpy', 'av', 'onnxruntime')))"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
