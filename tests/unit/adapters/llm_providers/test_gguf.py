"""A model in a file: what becomes of it when llama.cpp crashes, grows, is idle, cannot load it, or is asked by several."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from structlog.testing import capture_logs

from diarist.adapters.llm_providers.gguf import GgufProvider, open_provider
from diarist.errors import MemoryExceeded, Misconfigured, ModelUnavailable
from diarist.ports.language_model import CallFailed, Form, ModelInFile, Outcome, ProviderOptions, Question, Upkeep
from made_gguf import gguf
from small_model import small_model
from waiting import until

SAID = "quinquereme"
pytestmark = pytest.mark.slow


def options(path: Path, *, form: Form | None = None, **upkeep: Any) -> ProviderOptions:
    file = ModelInFile(path=str(path), context_tokens=1024)
    return ProviderOptions(
        name="here", base_url="", api_key="", form=form, files={"small": file}, upkeep=Upkeep(threads=1, **upkeep)
    )


@asynccontextmanager
async def opened(path: Path | None = None, **upkeep: Any) -> AsyncIterator[GgufProvider]:
    provider = open_provider(options(path or small_model(), **upkeep))
    try:
        yield provider
    finally:
        await provider.close()


def question(tokens: int = 8, **more: Any) -> Question:
    given: dict[str, Any] = {"timeout": 60.0, "temperature": 0.0, "prompt": f"I saw a {SAID}.", **more}
    schema = {"type": "object", "properties": {"names": {"type": "array", "items": {"type": "string"}, "minItems": 99}}}
    return Question(
        model="small", system="List names.", schema={**schema, "required": ["names"]}, max_output_tokens=tokens, **given
    )


def pid(provider: GgufProvider) -> int | None:
    return provider._loaded["small"].clerk.pid


async def working(provider: GgufProvider, tokens: int = 900) -> tuple[asyncio.Task[Any], int]:
    """A long answer on its way, and the process that writes it."""
    await provider.ask(question())
    first = pid(provider)
    assert first
    task = asyncio.create_task(provider.ask(question(tokens)))
    before = sum(psutil.Process(first).cpu_times()[:2])
    await asyncio.to_thread(until, lambda: sum(psutil.Process(first).cpu_times()[:2]) > before + 0.1)
    return task, first


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
async def test_a_crash_costs_one_answer_and_the_next_has_another_process(how: signal.Signals) -> None:
    async with opened() as provider:
        task, first = await working(provider)
        os.kill(first, how)
        with pytest.raises(CallFailed) as caught:
            await task
        assert caught.value.outcome is Outcome.SERVER_FAILED
        assert (await provider.ask(question())).outcome is Outcome.UNFINISHED
        assert pid(provider) not in {None, first}


async def test_taking_a_question_back_stops_the_work_at_once() -> None:
    async with opened() as provider:
        task, first = await working(provider)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not psutil.pid_exists(first)


async def test_several_wait_for_their_turn_and_one_that_waits_too_long_is_told_that_it_is_busy() -> None:
    async with opened() as provider:
        task, _ = await working(provider, 100)
        with pytest.raises(CallFailed) as caught:
            await provider.ask(question(timeout=0.05))
        assert caught.value.outcome is Outcome.RATE_LIMITED
        waiting = asyncio.create_task(provider.ask(question()))
        assert (await task).outcome is Outcome.UNFINISHED
        assert (await waiting).outcome is Outcome.UNFINISHED


async def test_it_leaves_the_memory_when_nobody_asks() -> None:
    async with opened(idle_seconds=0.05) as provider:
        await provider.ask(question())
        await asyncio.to_thread(until, lambda: pid(provider) is None)
        assert (await provider.ask(question())).output_tokens == 8


async def test_one_that_takes_too_much_memory_is_stopped_in_its_answer() -> None:
    async with opened(memory_limit=1_000_000) as provider:
        with pytest.raises(CallFailed) as caught:
            while True:
                await provider.ask(question(900))
        assert caught.value.outcome is Outcome.SERVER_FAILED
        assert isinstance(caught.value.__cause__, MemoryExceeded)


async def test_nobody_else_can_ask_it_and_nothing_of_it_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    async with opened() as provider:
        await provider.ask(question())
        process = psutil.Process(pid(provider))
        assert process.net_connections(kind="inet") == []
        assert os.listdir(tmp_path) == []  # noqa: PTH208 - of a folder in memory
    assert not process.is_running()


async def test_what_was_said_is_not_logged() -> None:
    with capture_logs() as logged:
        async with opened() as provider:
            await provider.ask(question())
            for failing in (question(prompt=f"{SAID} " * 2000), question(900, timeout=0.01)):
                with pytest.raises(CallFailed):
                    await provider.ask(failing)
    assert SAID not in str(logged)


async def test_a_file_that_llama_cpp_does_not_know_says_why(tmp_path: Path) -> None:
    path = tmp_path / "strange.gguf"
    path.write_bytes(gguf())
    with capture_logs() as logged, pytest.raises(CallFailed) as caught:
        async with opened(path) as provider:
            await provider.ask(question())
    assert caught.value.outcome is Outcome.SERVER_FAILED
    assert isinstance(caught.value.__cause__, ModelUnavailable)
    assert "strange.gguf: " in caught.value.__cause__.message
    assert "it says nothing more" not in str(logged)
    assert [one["reason"] for one in logged if one["event"] == "llm.child_failed"] == [caught.value.__cause__.message]


async def test_a_model_that_has_no_file_is_not_asked() -> None:
    async with opened() as provider:
        with pytest.raises(CallFailed) as caught:
            await provider.ask(Question(model="other", system="", prompt="", schema={}, max_output_tokens=1, timeout=1.0))
    assert caught.value.outcome is Outcome.REJECTED


def test_it_answers_by_a_grammar_alone(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="by a grammar"):
        open_provider(options(tmp_path, form=Form.TOOL))


async def test_memory_of_earlier_questions_saves_reading_them_again() -> None:
    async with opened() as provider:
        first = await provider.ask(question())
        again = await provider.ask(question())
    assert again.input_tokens == first.input_tokens
    assert first.cached_tokens == 0 < again.cached_tokens
