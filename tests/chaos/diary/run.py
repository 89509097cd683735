"""Writes a thousand entries while providers fail in turns and workers die, and proves that nothing is lost or paid for twice.

    make chaos-diary ARGS="--seed 7"

Prints what was done and what came of it, writes it as JSON, and exits 1 when a goal is missed; in less than nine minutes.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from chaos import command
from chaos.command import Proof
from chaos.diary import checks, memos, providers
from chaos.diary.hands import Hands
from chaos.diary.memos import Given
from chaos.diary.shape import Shape
from chaos.fleet_processes import FleetProcesses, Plan
from chaos.report import Finding, none
from chaos.servers import Servers, open_servers
from diarist.settings import Settings
from diarist.wiring import open_runtime
from llm_servers import Llms, llm_servers

RESULTS = Path(__file__).parents[3] / "build" / "chaos-diary.json"
_AT_ONCE = 4
"""Entries that a worker writes at once."""
_QUEUE = {"QUEUE__LEASE": "5", "QUEUE__RERING": "1", "QUEUE__GRACE": "0.5", "QUEUE__MAX_CRASHES": "50"}
"""Dying by chance is no fault of a task's here."""
_DELAY = 0.05
"""Seconds before each answer, so that workers are ended while they wait for one."""


def prove(folder: Path, shape: Shape) -> Proof:
    """Run it; what its processes say is in the folder afterwards."""
    began = time.monotonic()
    tight = Decimal(shape.tight_usd)
    with ExitStack() as stack:
        servers = stack.enter_context(open_servers(folder, shape.seed))
        llms = stack.enter_context(llm_servers())
        llms.answer, llms.delay, llms.slow = providers.answer, _DELAY, providers.HANG
        fleet = FleetProcesses(servers, folder, {"LOG__FORMAT": "json", **_QUEUE, **providers.settings(llms)})
        stack.callback(fleet.close)
        fleet.add([Plan(name=f"llm-worker-{number + 1}", role="llm-worker") for number in range(shape.workers)])
        fleet.watch()
        given, hands, turns = asyncio.run(_write(servers, llms, fleet, folder, shape))
        seconds = time.monotonic() - began
        requests = llms.asked()
        ended = sum(count for what, count in hands.done.items() if what.startswith("workers"))
        # Besides, a call that was given up for its slowness may have been answered right then.
        harm = _AT_ONCE * ended + hands.done["jobs cancelled"] + shape.entries // 50
        with servers.postgres.connect() as connection:
            findings = checks.of_the_entries(connection, given)
            findings += checks.of_the_questions(connection, requests, harm)
            findings += checks.of_the_money(connection, given, requests, tight)
        findings += _of_the_run(fleet, hands.done, turns, seconds)
        return Proof(findings=findings, happened=[])


async def _write(
    servers: Servers, llms: Llms, fleet: FleetProcesses, folder: Path, shape: Shape
) -> tuple[list[Given], Hands, int]:
    """Put all memos down, and do harm until all are written."""
    settings = Settings.model_validate(
        {
            "data_dir": folder / "data" / "observer",
            "cache_dir": folder / "cache" / "observer",
            "database": {"url": servers.postgres.url},
            "broker": {"url": servers.redis.url},
        }
    )
    async with open_runtime(settings, lambda queue: None) as runtime:
        turns = providers.Turns(llms, shape.turn, shape.seed)
        given = await memos.put(runtime, shape.entries, shape.seed, Decimal(shape.tight_usd))
        hands = Hands(runtime, fleet, given, shape.seed)
        turns.begin()
        try:
            await hands.until_all_is_written(shape.kill, shape.cancel, shape.patience)
        finally:
            turns.end()
    return given, hands, turns.count


def _of_the_run(fleet: FleetProcesses, done: Counter[str], turns: int, seconds: float) -> list[Finding]:
    return [
        *(Finding(name=what, value=count) for what, count in sorted(done.items())),
        Finding(name="turns in which others failed", value=turns, at_least=1),
        none("processes that ended though nobody killed them", fleet.unasked),
        Finding(name="duration", value=round(seconds), unit="s", at_most=540),
    ]


def main() -> int:
    """Read the command line, run, and report."""
    parser = command.parser("Writes entries while providers fail and workers die; proves that none is lost.", RESULTS)
    parser.add_argument("--entries", type=int, default=1000)
    arguments = parser.parse_args()
    shape = replace(Shape(), seed=arguments.seed, entries=arguments.entries)
    about = {"seed": shape.seed, "entries": shape.entries}
    return command.run(partial(prove, shape=shape), arguments, f"seed {shape.seed}, {shape.entries} entries", about)


if __name__ == "__main__":
    sys.exit(main())
