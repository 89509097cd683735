"""Real children: they answer, fail, die and are killed, and nothing of them is left."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import psutil
import pytest
from structlog.contextvars import bound_contextvars
from structlog.testing import capture_logs

from diarist import errors
from diarist.child.process import ChildProcess
from diarist.child.running import RunningChild
from diarist.child.wire import Message
from diarist.telemetry.traceparent import Traceparent
from diarist.telemetry.tracing import part
from diarist.telemetry.withholding import GONE

MakeChild = Callable[..., ChildProcess]


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    return "child_handlers:open_handler"


@pytest.fixture
async def make_child(target: str) -> AsyncIterator[MakeChild]:
    made: list[ChildProcess] = []

    def make(**options: Any) -> ChildProcess:
        made.append(ChildProcess(target, options, name="the test child"))
        return made[-1]

    yield make
    for child in made:
        await child.close()


async def eventually(condition: Callable[[], bool]) -> None:
    def wait() -> None:
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    await asyncio.to_thread(wait)


async def answers(child: ChildProcess, method: str, payload: bytes = b"", **params: Any) -> list[Message]:
    return [message async for message in child.call(method, params, payload)]


async def test_it_starts_at_the_first_call_and_stays(make_child: MakeChild, tmp_path: Path) -> None:
    child = make_child(born=str(tmp_path / "born"))
    assert child.pid is None
    first, second = await answers(child, "echo", b"abc", a=[1, "ü"]), await answers(child, "echo")
    assert first == [Message({"params": {"a": [1, "ü"]}, "pid": child.pid}, b"abc")]
    assert second[0].body["pid"] == child.pid != os.getpid()
    assert (tmp_path / "born").read_text() == "born\n"


async def test_twenty_megabytes_go_there_and_back(make_child: MakeChild) -> None:
    payload = os.urandom(20 * 1024**2)
    [message] = await answers(make_child(), "echo", payload)
    assert message.payload == payload


async def test_messages_are_delivered_as_they_come(make_child: MakeChild) -> None:
    async with aclosing(make_child().call("sleep", {})) as call:
        message = await asyncio.wait_for(anext(call), 10)
    assert message.body["pid"]


async def test_a_call_that_is_cancelled_at_the_moment_of_its_answer_is_cancelled(
    make_child: MakeChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer: asyncio.Future[tuple[str, Message]] = asyncio.get_running_loop().create_future()
    waits = asyncio.Event()

    async def receive(_: RunningChild) -> tuple[str, Message]:
        waits.set()
        return await answer

    monkeypatch.setattr(RunningChild, "receive", receive)
    call = asyncio.create_task(answers(make_child(), "echo", b""))
    await waits.wait()
    await asyncio.sleep(0)
    answer.set_result(("end", Message({}, b"")))
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


async def test_calls_take_turns(make_child: MakeChild) -> None:
    child = make_child()
    both = await asyncio.gather(answers(child, "count", to=50), answers(child, "count", to=50))
    assert [[message.body["number"] for message in each] for each in both] == [list(range(50))] * 2


async def test_a_slow_reader_holds_the_child_back(make_child: MakeChild) -> None:
    child = make_child()
    before = psutil.Process().memory_info().rss
    async with aclosing(child.call("count", {"to": 1000, "size": 1024**2})) as call:
        await anext(call)
        assert child.pid
        process = psutil.Process(child.pid)
        await eventually(lambda: process.status() == psutil.STATUS_SLEEPING)
        assert process.memory_info().rss < 100 * 1024**2
        assert psutil.Process().memory_info().rss < before + 100 * 1024**2


async def test_printing_and_reading_do_not_break_the_wire(make_child: MakeChild) -> None:
    child = make_child()
    with capture_logs() as logged:
        [message] = await answers(child, "noise")
        await child.close()
    assert message.body == {"read": ""}
    lines = [one["line"] for one in logged if (one["event"], one["child"]) == ("child.wrote", "the test child")]
    assert "printed by a library" in lines
    assert lines.count("written by native code") == 10000
    assert {one["log_level"] for one in logged} == {"debug"}


@pytest.mark.parametrize("name", ["ModelUnavailable", "UndecodableAudio", "StorageFull"])
async def test_our_errors_come_back_as_themselves(make_child: MakeChild, name: str) -> None:
    child = make_child()
    with pytest.raises(errors.DiaristError) as caught:
        await answers(child, "raise", error=name)
    assert (type(caught.value).__name__, caught.value.message, caught.value.advice) == (name, "about this", "do that")
    assert await answers(child, "echo")


async def test_other_errors_name_their_type_and_the_log_has_where_with_the_ids_of_the_call(make_child: MakeChild) -> None:
    child, place = make_child(), Traceparent.new()
    with capture_logs() as logged, bound_contextvars(job_id="7"), part("transcribe", parent=place):
        with pytest.raises(errors.EngineFailed, match="the test child failed with KeyError") as caught:
            await answers(child, "surprise")
        pid = child.pid
        assert (await answers(child, "echo"))[0].body["pid"] == pid
        await child.close()
    assert "secret" not in str(caught.value)
    assert caught.value.origin is not None
    assert caught.value.origin.type == "KeyError"
    (failed,) = [one for one in logged if one["event"] == "child.failed"]
    assert failed["exception"].endswith(f"KeyError: {GONE}")
    assert (failed["log_level"], failed["job_id"], failed["trace_id"], failed["child_pid"]) == ("error", "7", place.trace_id, pid)


async def test_a_message_that_json_cannot_say_is_an_error_of_the_call_alone(make_child: MakeChild) -> None:
    child = make_child()
    with pytest.raises(errors.EngineFailed, match="ValueError"):
        await answers(child, "unsayable")
    assert await answers(child, "echo")


async def test_a_handler_that_cannot_open_says_so_each_time(make_child: MakeChild) -> None:
    child = make_child(broken=True)
    for _ in range(2):
        with pytest.raises(errors.ModelUnavailable, match="no such model"):
            await answers(child, "echo")


async def test_killed_from_outside_it_says_by_what_and_is_replaced(make_child: MakeChild) -> None:
    child = make_child()
    call = child.call("sleep", {})
    first = (await anext(call)).body["pid"]
    os.kill(first, signal.SIGKILL)
    with pytest.raises(errors.ChildDied, match="was killed by SIGKILL; the machine may be out of memory"):
        await anext(call)
    assert child.pid is None
    [message] = await answers(child, "echo")
    assert message.body["pid"] not in {first, None}


@pytest.mark.parametrize(
    ("method", "params", "message"),
    [("exit", {}, "exited with status 3"), ("signal", {"signal": signal.SIGSEGV}, "was killed by SIGSEGV$")],
)
async def test_its_own_death_is_told(make_child: MakeChild, method: str, params: dict[str, Any], message: str) -> None:
    child = make_child()
    with pytest.raises(errors.ChildDied, match=message):
        await answers(child, method, **params)
    assert await answers(child, "echo")


async def test_death_between_calls_is_mended(make_child: MakeChild) -> None:
    child = make_child()
    await answers(child, "echo")
    assert child.pid
    process = psutil.Process(child.pid)
    process.kill()
    await eventually(lambda: not (child._child and child._child.alive))
    assert (await answers(child, "echo"))[0].body["pid"] != process.pid


async def test_nonsense_on_the_wire_ends_the_child(make_child: MakeChild) -> None:
    child = make_child()
    with pytest.raises(errors.ChildDied, match="broke the protocol"):
        await answers(child, "garbage")
    assert await answers(child, "echo")


async def test_cancelling_kills_at_once(make_child: MakeChild) -> None:
    child = make_child()
    started = asyncio.Event()

    async def work() -> None:
        async with aclosing(child.call("sleep", {})) as call:
            async for _ in call:
                started.set()

    task = asyncio.create_task(work())
    await started.wait()
    assert child.pid
    process = psutil.Process(child.pid)
    before = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - before < 1
    assert not process.is_running()
    assert await answers(child, "echo")


async def test_leaving_the_answer_early_kills_even_what_cannot_be_interrupted(make_child: MakeChild) -> None:
    child = make_child()
    async with aclosing(child.call("hold", {})) as call:
        process = psutil.Process((await anext(call)).body["pid"])
        before = time.monotonic()
    assert time.monotonic() - before < 1
    assert not process.is_running()


async def test_closing_ends_a_running_call(make_child: MakeChild) -> None:
    child = make_child()
    call = child.call("sleep", {})
    await anext(call)
    waiting = asyncio.ensure_future(anext(call))
    await asyncio.sleep(0)
    await child.close()
    with pytest.raises(errors.ChildDied, match="was stopped"):
        await waiting
    assert child.pid is None


async def test_closing_does_not_wait_for_an_abandoned_answer(make_child: MakeChild) -> None:
    child = make_child()
    async with aclosing(child.call("count", {"to": 1000, "size": 1024**2})) as call:
        await anext(call)
        await asyncio.wait_for(child.close(), 5)


def test_nothing_is_left_after_use(target: str) -> None:
    async def use() -> None:
        child = ChildProcess(target, {})
        for _ in range(3):
            await answers(child, "echo")
            async with aclosing(child.call("sleep", {})) as call:
                await anext(call)
            with pytest.raises(errors.ChildDied):
                await answers(child, "exit")
        await answers(child, "echo")
        await child.close()

    asyncio.run(use())
    me = psutil.Process()
    before, others = me.num_fds(), me.children(recursive=True)  # servers of other tests may be among them
    asyncio.run(use())
    assert [child for child in me.children(recursive=True) if child not in others] == []
    assert me.num_fds() == before


def test_it_works_in_a_loop_of_another_thread(target: str) -> None:
    found: list[Message] = []

    async def use() -> None:
        child = ChildProcess(target, {})
        with pytest.raises(errors.ChildDied, match="SIGKILL"):
            await answers(child, "signal", signal=signal.SIGKILL)
        found.extend(await answers(child, "echo", b"there"))
        await child.close()

    others = psutil.Process().children(recursive=True)
    thread = threading.Thread(target=lambda: asyncio.run(use()))
    thread.start()
    thread.join()
    assert [message.payload for message in found] == [b"there"]
    assert [child for child in psutil.Process().children(recursive=True) if child not in others] == []


PARENT = """
import asyncio, sys
from diarist.child.process import ChildProcess
from diarist.child.running import RunningChild

async def main():
    async for message in ChildProcess(sys.argv[1], {}).call(sys.argv[2], {}):
        print(message.body["pid"], flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("method", ["sleep", "hold"])
def test_it_does_not_outlive_a_killed_parent(target: str, method: str) -> None:
    command = [sys.executable, "-c", PARENT, target, method]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    psutil.wait_procs([child], timeout=5)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE  # nobody's init may reap it later


def test_ctrl_c_reaches_the_parent_alone(target: str) -> None:
    command = [sys.executable, "-c", PARENT, target, "sleep"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, start_new_session=True) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        assert os.getpgid(child.pid) != os.getpgid(parent.pid)
        child.send_signal(signal.SIGINT)
        with pytest.raises(psutil.TimeoutExpired):
            child.wait(0.2)
        os.killpg(parent.pid, signal.SIGINT)
        assert parent.wait(10) == -signal.SIGINT or parent.returncode == 130
    psutil.wait_procs([child], timeout=5)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


async def test_a_child_that_falls_silent_is_stopped_and_replaced(make_child: MakeChild) -> None:
    child = make_child()
    with pytest.raises(errors.ChildDied, match="no sign of life for 3 s"):
        async for _ in child.call("sleep", {}, patience=3.0):
            pass  # it says that it has begun, and then nothing more
    assert len(await answers(child, "echo")) == 1


async def test_long_work_that_gives_signs_of_life_is_waited_for_and_what_hangs_after_it_is_not(make_child: MakeChild) -> None:
    child = make_child()
    await answers(child, "echo")
    found = [message.body async for message in child.call("fetch", {"seconds": 1.5}, patience=0.5)]
    assert found == [{"fetched": True}]
    with pytest.raises(errors.ChildDied, match="no sign of life"):
        async for _ in child.call("fetch", {"seconds": 0.1, "then": 600}, patience=0.5):
            pass
