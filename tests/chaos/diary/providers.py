"""Three providers that fail in turns, one that is never there, and the model behind them; all over real sockets."""

from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Mapping
from typing import Any

from asking_models import MODELS
from llm_servers import Fault, Llms, Request
from postgres_server import free_port

KINDS = ("openai", "anthropic", "mistral")
PRICE = {"input": "1", "output": "5"}
"""USD for a million tokens."""
FAULTS = (
    Fault.TOO_MANY, Fault.BROKEN, Fault.OVERLOADED, Fault.NO_KEY, Fault.CUT_SHORT, Fault.HUNG_UP, Fault.NO_JSON,
    Fault.WRONG_SCHEMA, Fault.SLOW, Fault.LENGTH, Fault.REFUSAL, Fault.NOT_HTTP,
)  # fmt: skip
TIMEOUT, HANG = 2.0, 3.0
"""Seconds that a question may take, and that a provider hangs which hangs."""
FALSEHOOD = "I told everybody about the job."
"""What the model makes up of every memo."""
_BREAKER = {"failures": 3, "cooldown": 1.0, "longest": 4.0}
"""Short, so that every provider is tried again in every turn."""


def settings(llms: Llms) -> Mapping[str, str]:
    """What a worker is told of them; of four with the same price the first is preferred, which is not there."""
    provided = [
        {
            "name": kind, "kind": kind, "base_url": llms.url(kind, kind), "api_key": f"key-of-{kind}",
            "models": [{"name": MODELS[kind], "context_tokens": 100_000, "quality": 80 - place, "price": PRICE}],
        }
        for place, kind in enumerate(KINDS)
    ]  # fmt: skip
    gone = {
        "name": "gone", "kind": "openai_compatible", "base_url": f"http://127.0.0.1:{free_port()}/v1",
        "models": [{"name": "llama", "context_tokens": 100_000, "quality": 81, "price": PRICE}],
    }  # fmt: skip
    return {
        "LLM__ENABLED": "true",
        "LLM__PROVIDERS": json.dumps([gone, *provided]),
        "LLM__WEIGHTS": json.dumps({"quality": 1.0}),
        "LLM__TIMEOUT": str(TIMEOUT),
        "LLM__BREAKER": json.dumps(_BREAKER),
        "MASKING__KINDS": "phone,email,card,iban",
        "MASKING__WHERE": "before_any_provider",
    }


def answer(request: Request) -> dict[str, Any]:
    """Claims each sentence as it was said; writes each as it was, and one falsehood."""
    said = question_of(request)
    if "<transcript-" in said:
        segments = re.findall(r"^\[(\d+)\] (.*)$", said, re.MULTILINE)
        every = [int(number) for number, _ in segments]
        sentences = re.findall(r"[^.]+\.", " ".join(text for _, text in segments))
        return {
            "claims": [{"text": one.strip(), "segment_ids": every, "quote": one.strip(), "kind": "event"} for one in sentences]
        }
    seen = re.findall(r'^(c\d+) \w+: .* \(said: "(.*)"\)$', said, re.MULTILINE)
    told = [{"text": quote, "claims": [name]} for name, quote in seen]
    return {"title": "A walk", "sentences": [*told, {"text": FALSEHOOD, "claims": [seen[0][0]]}]}


def question_of(request: Request) -> str:
    """The first prompt of a conversation, which is the same when an answer to it is to be mended."""
    users = [message for message in request.body["messages"] if message["role"] == "user"]
    content = users[0]["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


class Turns:
    """Lets one provider fail, or two, in one way each, and then others."""

    def __init__(self, llms: Llms, seconds: float, seed: int) -> None:
        self._llms, self._seconds = llms, seconds
        self._chance = random.Random(seed)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="turns", daemon=True)
        self.count = 0

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """All are well from now on."""
        self._ended.set()
        self._thread.join()
        self._llms.always = {}

    def _run(self) -> None:
        ways: list[Fault] = []
        while not self._ended.is_set():
            failing = self._chance.sample(KINDS, self._chance.choice((1, 2, 2)))
            if len(ways) < len(failing):
                ways = self._chance.sample(FAULTS, len(FAULTS))
            self._llms.always = {kind: ways.pop() for kind in failing}
            self.count += 1
            self._ended.wait(self._seconds)
