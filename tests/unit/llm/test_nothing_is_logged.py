"""What libraries log while they debug holds no text and no key."""

import json
import subprocess
import sys

import pytest

from llm_servers import Llms

ASKS = """
import asyncio, json, sys
from diarist.plugins import load
from diarist.ports.language_model import CallFailed, ProviderOptions, Question
from diarist.settings import LogSettings
from diarist.telemetry.logging import configure_logging

async def main():
    for kind, url in json.loads(sys.argv[1]).items():
        options = ProviderOptions(name=kind, base_url=url, api_key="sk-topsecret", form=None)
        provider = load("diarist.llm_providers", kind)(options)
        configure_logging(LogSettings(level="debug"))
        schema = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
        question = Question(model="gpt-4o", system="s", prompt="I met Ada.", schema=schema, max_output_tokens=50, timeout=30.0)
        print((await provider.ask(question)).text)
        await provider.close()

asyncio.run(main())
"""


@pytest.mark.slow
def test_what_is_asked_is_in_no_log(llms: Llms) -> None:
    urls = {kind: llms.url(kind, kind) for kind in ("openai", "anthropic", "mistral")}
    ran = subprocess.run([sys.executable, "-c", ASKS, json.dumps(urls)], capture_output=True, text=True, check=False, timeout=120)
    assert ran.stdout.count("A long day") == 3, ran.stderr
    assert not [word for word in ("Ada", "sk-topsecret", "A long day") if word in ran.stderr]
