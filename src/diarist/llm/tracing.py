"""What a trace tells of questions to language models: who was asked, how long, how much; never a word of it.

By the semantic conventions for generative AI (https://opentelemetry.io/docs/specs/semconv/gen-ai/),
without what they call content.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from diarist.llm.asking import Answer, Ask
from diarist.llm.candidates import ModelCard
from diarist.llm.trail import Trail
from diarist.ports.language_model import Outcome, Question, Reply
from diarist.telemetry.tracing import Attributes, Kind, Span, span


def asking(ask: Ask[Any], trail: Trail[Any]) -> AbstractContextManager[Span]:
    """One question, whoever is asked in the end."""
    about = {"diarist.purpose": ask.purpose, "diarist.receipt.id": str(trail.receipt_id)}
    return span(f"ask {ask.purpose}", attributes=about)


def note_answer(told: Span, answer: Answer[Any]) -> None:
    """Who answered, and what it cost in all."""
    if told.recording:
        told.note(
            {
                "gen_ai.provider.name": answer.provider,
                "gen_ai.response.model": answer.model,
                "diarist.cached": answer.cached,
                "diarist.cost_usd": float(answer.cost_usd),
            }
        )


def calling(trail: Trail[Any], card: ModelCard, question: Question) -> AbstractContextManager[Span]:
    """One call to one model."""
    about: dict[str, str | int | float | bool] = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": card.provider, "gen_ai.request.model": card.model,
        "gen_ai.request.max_tokens": question.max_output_tokens, "gen_ai.output.type": "json",
        "diarist.purpose": trail.ask.purpose, "diarist.receipt.id": str(trail.receipt_id),
        "diarist.repair": question.correction is not None,
    }  # fmt: skip
    if question.temperature is not None:
        about["gen_ai.request.temperature"] = question.temperature
    return span(f"chat {card.model}", kind=Kind.CLIENT, attributes=about)


def note_reply(told: Span, reply: Reply | None, outcome: Outcome, status: int | None) -> None:
    """What came of it; whether an answer is valid is seen later, by whoever reads it."""
    if not told.recording:
        return
    about: Attributes = {"http.response.status_code": status} if status is not None else {}
    if reply is not None:
        used = {"gen_ai.usage.input_tokens": reply.input_tokens, "gen_ai.usage.output_tokens": reply.output_tokens}
        about = {**about, **used}
    told.note({**about, "diarist.outcome": outcome.value})
    if outcome is not Outcome.ANSWERED:
        told.fail(outcome.value)
