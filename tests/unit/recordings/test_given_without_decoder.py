"""Where nothing decodes sound, as in the image of the APIs, recordings are taken all the same, and looked at by a worker."""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncIterator
from importlib.machinery import ModuleSpec
from uuid import UUID

import pytest

import make_sample
from diarist.audio import process
from diarist.recordings.service import add_recording
from diarist.settings import Settings
from diarist.wiring import open_runtime, prepare


def without_av(name: str) -> ModuleSpec | None:
    return None if name == "av" else importlib.util.find_spec(name)


async def pieces() -> AsyncIterator[bytes]:
    yield make_sample.TEXT.with_suffix(".opus").read_bytes()


async def given_codec(settings: Settings, account_id: UUID) -> str | None:
    await prepare(settings)
    async with open_runtime(settings, None) as runtime:
        added = await add_recording(runtime, account_id, "memo.opus", pieces())
    return added.recording.codec


async def test_a_recording_is_taken_and_left_to_the_stage_that_looks_at_it(
    settings: Settings, account_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "find_spec", without_av)
    assert await given_codec(settings, account_id) is None


async def test_else_it_is_looked_at_at_once(settings: Settings, account_id: UUID) -> None:
    assert await given_codec(settings, account_id) == "opus"
