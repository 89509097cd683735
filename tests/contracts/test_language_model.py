"""What every provider of language models promises: real SDKs over sockets, llama.cpp's server, and llama.cpp in a child alike."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from asking_models import MODELS
from diarist.plugins import load
from diarist.ports.language_model import CallFailed, Correction, ModelInFile, Outcome, Provider, ProviderOptions, Question
from llm_servers import Fault, Llms, llm_servers
from small_model import KEY, NAME, llama_server, small_model

CONTEXT = 1024
SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string", "maxLength": 20}},
    "required": ["title"],
    "additionalProperties": False,
}
MANY_NUMBERS = {
    "type": "object",
    "properties": {"numbers": {"type": "array", "items": {"type": "integer"}, "minItems": 400}},
    "required": ["numbers"],
    "additionalProperties": False,
}
"""An answer that takes a real model seconds, whatever it is asked."""
SCRIPTED = ["openai", "anthropic", "mistral", "openai_compatible"]
REAL = ["gguf", "llama.cpp's server"]
LONG = "I walked to the mill. " * 400
"""More than the real models take."""


@dataclass
class Subject:
    """A provider under test."""

    provider: Provider
    model: str
    fault: Callable[[Fault], None]
    """Makes a scripted server do this; real models do it by themselves."""


@pytest.fixture(scope="module")
def servers() -> Iterator[Llms]:
    with llm_servers() as started:
        yield started


@pytest.fixture(scope="module")
def real_server() -> Iterator[str]:
    with llama_server(CONTEXT) as url:
        yield url


@pytest.fixture(params=[*SCRIPTED, *(pytest.param(kind, marks=pytest.mark.slow) for kind in REAL)])
async def subject(request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
    kind = request.param
    options: dict[str, Any] = {"name": kind, "base_url": "", "api_key": KEY, "form": None}
    name, fault = NAME, lambda _: None
    if kind in SCRIPTED:
        llms: Llms = request.getfixturevalue("servers")
        llms.always.clear()
        options |= {"base_url": llms.url(kind, kind)}
        name, fault = MODELS[kind], lambda fault: llms.always.update({kind: fault})
    elif kind == "gguf":
        options |= {"files": {NAME: ModelInFile(path=str(small_model()), context_tokens=CONTEXT)}}
    else:
        options |= {"base_url": request.getfixturevalue("real_server")}
        kind = "openai_compatible"
    provider = load("diarist.llm_providers", kind)(ProviderOptions(**options))
    yield Subject(provider, name, fault)
    await provider.close()


def question(subject: Subject, **more: Any) -> Question:
    given: dict[str, Any] = {
        "system": "Give it a title.", "prompt": "I walked to the mill.", "schema": SCHEMA, "max_output_tokens": 40,
        "timeout": 60.0, "temperature": 0.0,
    }  # fmt: skip
    return Question(model=subject.model, **{**given, **more})


async def failure(subject: Subject, **more: Any) -> Outcome:
    with pytest.raises(CallFailed) as caught:
        await subject.provider.ask(question(subject, **more))
    return caught.value.outcome


async def test_it_answers_as_the_schema_says_and_counts_tokens(subject: Subject) -> None:
    reply = await subject.provider.ask(question(subject))
    assert reply.outcome is Outcome.ANSWERED
    assert list(json.loads(reply.text)) == ["title"]
    assert reply.input_tokens > 0
    assert reply.output_tokens > 0
    assert 0 <= reply.cached_tokens <= reply.input_tokens


async def test_it_takes_a_complaint_about_an_answer(subject: Subject) -> None:
    mended = Correction(answer='{"titel": "The mill"}', complaint="title: Field required. Answer again.")
    reply = await subject.provider.ask(question(subject, correction=mended))
    assert "title" in json.loads(reply.text)


async def test_an_answer_that_uses_up_its_tokens_is_not_finished(subject: Subject) -> None:
    subject.fault(Fault.LENGTH)
    reply = await subject.provider.ask(question(subject, max_output_tokens=3))
    assert reply.outcome is Outcome.UNFINISHED


async def test_what_is_too_long_for_it_is_called_so(subject: Subject) -> None:
    subject.fault(Fault.TOO_LONG)
    assert await failure(subject, prompt=LONG) is Outcome.CONTEXT_TOO_LONG


async def test_one_that_is_late_is_given_up_and_may_be_asked_again(subject: Subject) -> None:
    subject.fault(Fault.SLOW)
    assert await failure(subject, timeout=0.02, max_output_tokens=500) is Outcome.TIMED_OUT
    subject.fault(Fault.NONE)
    assert (await subject.provider.ask(question(subject))).outcome is Outcome.ANSWERED


async def test_a_question_can_be_taken_back(subject: Subject) -> None:
    subject.fault(Fault.SLOW)
    asked = asyncio.create_task(subject.provider.ask(question(subject, schema=MANY_NUMBERS, max_output_tokens=900)))
    done, _ = await asyncio.wait([asked], timeout=0.2)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert not done
    subject.fault(Fault.NONE)
    assert (await subject.provider.ask(question(subject))).outcome is Outcome.ANSWERED
