"""One's own choice of a model for an entry: it is asked or nobody is, and still only where the account allows it."""

from __future__ import annotations

from diarist.diary.written.asking import Clerk, Room
from diarist.errors import ModelNotUsable, NoModelAnswered, NotFound
from diarist.llm.asking import Asker
from diarist.runtime import Runtime

NONE_CONFIGURED = "no language model is configured here"


async def require_usable(runtime: Runtime, account: Asker, model: str) -> None:
    """Whether a model may be asked for this account now; raises `NotFound` or `ModelNotUsable`.

    `model`: `provider/model`. An API of a fleet that knows no models leaves that to the worker.
    """
    if not runtime.router.configured:
        if runtime.settings.embedded:
            raise ModelNotUsable(NONE_CONFIGURED, advice="`diarist llm explain` says how to get one.")
        return
    names = [card.name for card in await runtime.router.cards()]
    if model not in names:
        raise NotFound(
            f"there is no language model {model!r}", advice=f"Name one as PROVIDER/MODEL; there are: {', '.join(sorted(names))}."
        )
    choice = await runtime.router.explain(account, input_tokens=Room.LEAST, output_tokens=Room.LEAST)
    for one in choice.rejected:
        if one.card.name == model:
            raise ModelNotUsable(f"{model} may not be asked: {one.reason}")


def require_answered(clerk: Clerk, model: str) -> None:
    """Raise `ModelNotUsable` for what the chosen model did not answer."""
    error = clerk.unanswered
    if error is not None:
        raise ModelNotUsable(f"{model} gave no entry: {_why(error, model)}; the entry is as it was") from error


def _why(error: NoModelAnswered, model: str) -> str:
    calls = ", ".join(hop.outcome.value for hop in error.hops)
    return f"it was asked, and its answer could not be used ({calls})" if calls else error.rejected.get(model, error.message)
