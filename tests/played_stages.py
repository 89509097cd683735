"""A small pipeline whose handlers a test writes itself: `PLAY` maps a stage to what it does."""

from collections.abc import Awaitable, Callable

from diarist.domain.job import Stage
from diarist.jobs.work import Effect, TaskContext

Play = Callable[[TaskContext], Awaitable[Effect | None]]

PLAY: dict[str, Play] = {}
PARTS = 3

STAGES = (
    Stage("look", "played_stages:look", queue="audio", then="cut"),
    Stage("cut", "played_stages:cut", queue="audio", then="part", fan_out=True),
    Stage("part", "played_stages:part", queue="transcription", then="join", join=True),
    Stage("join", "played_stages:join", queue="audio", then="close"),
    Stage("close", "played_stages:close", queue="llm"),
)


async def look(context: TaskContext) -> Effect | None:
    return await _played("look", context)


async def cut(context: TaskContext) -> Effect | None:
    for index in range(PARTS):
        async with context.fenced() as session:
            await context.put_part(session, str(index), {"index": index})
    return await _played("cut", context)


async def part(context: TaskContext) -> Effect | None:
    return await _played("part", context)


async def join(context: TaskContext) -> Effect | None:
    return await _played("join", context)


async def close(context: TaskContext) -> Effect | None:
    return await _played("close", context)


async def _played(stage: str, context: TaskContext) -> Effect | None:
    play = PLAY.get(stage)
    return await play(context) if play else None
