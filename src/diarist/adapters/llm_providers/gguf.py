"""Models in GGUF files, read by llama.cpp in a child process of ours: what is asked leaves neither the machine nor Diarist."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from importlib.util import find_spec

import structlog

from diarist.child.clerk import Clerk
from diarist.errors import EngineFailed, Misconfigured
from diarist.ports.language_model import CallFailed, Form, ModelInFile, Outcome, ProviderOptions, Question, Reply, Upkeep

_CHILD = "diarist.adapters.llm_providers.llama_child:open_llama"
_LOADS = 300.0
"""Seconds that a model may take to be read from a slow disk."""
_MORE = 30.0
"""Seconds that the child is left alone beyond those of the question, which ends it by itself."""

log = structlog.get_logger(__name__)


def open_provider(options: ProviderOptions) -> GgufProvider:
    """See the port."""
    if find_spec("xllamacpp") is None:
        raise Misconfigured(
            "a language model in a file is configured, and llama.cpp is not installed",
            advice="`pip install 'diarist[llama]'` brings it.",
        )
    if options.form not in {None, Form.SCHEMA}:
        raise Misconfigured(
            f"the provider {options.name!r} shall answer by {options.form}, and llama.cpp does it by a grammar alone",
            advice="Leave its form in DIARIST_LLM__PROVIDERS out.",
        )
    return GgufProvider(options)


@dataclass(slots=True)
class _Loaded:
    """A model and its process."""

    clerk: Clerk
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class GgufProvider:
    """A child for each model, started by its first question; one question at a time, since one takes all threads."""

    def __init__(self, options: ProviderOptions) -> None:
        self._files = options.files
        self._upkeep = options.upkeep
        self._loaded: dict[str, _Loaded] = {}

    async def ask(self, question: Question) -> Reply:
        """See the port; a question that waits too long for its turn is told that the model is busy."""
        file = self._files.get(question.model)
        if file is None:
            raise CallFailed(Outcome.REJECTED)
        if question.model not in self._loaded:
            self._loaded[question.model] = _Loaded(_clerk(question.model, self._upkeep))
        loaded = self._loaded[question.model]
        await _my_turn(loaded.turn, question.timeout)
        try:
            return await _answer(loaded.clerk, file, self._upkeep.threads, question)
        finally:
            loaded.turn.release()

    async def close(self) -> None:
        """End the children."""
        for loaded in self._loaded.values():
            await loaded.clerk.close()


def _clerk(model: str, upkeep: Upkeep) -> Clerk:
    return Clerk(_CHILD, name=f"the model {model}", idle_seconds=upkeep.idle_seconds, memory_limit=upkeep.memory_limit)


async def _my_turn(turn: asyncio.Lock, patience: float) -> None:
    try:
        async with asyncio.timeout(patience):
            await turn.acquire()
    except TimeoutError as error:
        raise CallFailed(Outcome.RATE_LIMITED) from error


async def _answer(clerk: Clerk, file: ModelInFile, threads: int, question: Question) -> Reply:
    """Leaving early, as when the time is over, kills the child: nothing goes on working for nobody."""
    here = {"path": file.path, "context_tokens": file.context_tokens, "threads": threads}
    try:
        await clerk.ask("load", here, patience=_LOADS)
        async with asyncio.timeout(question.timeout):
            answer = await clerk.ask("ask", {**here, "request": _request(question)}, patience=question.timeout + _MORE)
    except TimeoutError as error:
        raise CallFailed(Outcome.TIMED_OUT) from error
    except EngineFailed as error:
        # Its message is of files and processes, never of what was asked.
        log.warning("llm.child_failed", model=question.model, reason=error.message)
        raise CallFailed(Outcome.SERVER_FAILED) from error
    body = answer.body
    if "failed" in body:
        raise CallFailed(Outcome(body["failed"]))
    return Reply(**{**body, "outcome": Outcome(body["outcome"])})


def _request(question: Question) -> dict[str, object]:
    """As OpenAI's chat completions have it, which is what llama.cpp takes."""
    messages = [{"role": "system", "content": question.system}, {"role": "user", "content": question.prompt}]
    if question.correction:
        messages.append({"role": "assistant", "content": question.correction.answer or "(nothing)"})
        messages.append({"role": "user", "content": question.correction.complaint})
    request: dict[str, object] = {
        # Thoughts would use up the tokens of the answer, and nobody reads them.
        "chat_template_kwargs": {"enable_thinking": False},
        **question.extra,
        "messages": messages,
        "max_tokens": question.max_output_tokens,
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(question.schema)}},
    }
    if question.temperature is not None:
        request["temperature"] = question.temperature
    return request
