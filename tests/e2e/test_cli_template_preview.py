"""What a template makes of a recording is seen before it is added: written by a real provider's wire format, and not stored."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from asking_models import provider
from command_line import SAMPLE, CommandLine
from llm_servers import Request, llm_servers

pytestmark = pytest.mark.slow

SAID = "I walked to the mill with Ben. It rained the whole way and I was soaked. They were closed when we came."
MAYA = "---\nname: about Maya\nlength: long\nperson: third\nspeaker: Maya\n---\nTell all.\n"


def _answer(request: Request) -> dict[str, Any]:
    """Claims each sentence as it stands, and writes each as it was said."""
    said = str([message["content"] for message in request.body["messages"]][-1])
    if "<transcript-" in said:
        segments = re.findall(r"^\[(\d+)\] (.*)$", said, re.MULTILINE)
        quotes = [one.strip() for one in re.findall(r"[^.]+\.", " ".join(text for _, text in segments))]
        every = [int(number) for number, _ in segments]
        return {"claims": [{"text": one, "segment_ids": every, "quote": one, "kind": "event"} for one in quotes]}
    told = re.findall(r'^(c\d+) \w+: .* \(said: "(.*)"\)$', said, re.MULTILINE)
    return {"title": "The mill", "sentences": [{"text": quote, "claims": [name]} for name, quote in told]}


def test_a_template_in_the_third_person_is_seen_on_a_recording_and_nothing_is_stored(tmp_path: Path) -> None:
    template = tmp_path / "maya.md"
    template.write_text(MAYA)
    without = CommandLine(tmp_path, script=f"say={SAID}")
    assert without.run("add", SAMPLE).status == 0
    assert without.call("template", "preview", template, "--on", "last").status == 21
    prompt = without.call("template", "preview", template)
    assert ("first person" in prompt.out, "third person by rules" in prompt.err, "Maya" in prompt.out) == (True, True, False)

    with llm_servers() as llms:
        llms.answer = _answer
        asking = CommandLine(
            tmp_path,
            script=f"say={SAID}",
            LLM__ENABLED="true",
            LLM__PROVIDERS=json.dumps([provider(llms, "openai")]),
            MASKING__WHERE="",
        )
        preview = asking.run("template", "preview", template, "--on", "last", "--json")
        assert preview.status == 0, preview.err
        entry = preview.json["entry"]
        told = [sentence["text"] for sentence in entry["sentences"]]
        assert "Maya" not in json.dumps([request.body for request in llms.asked()])

    assert told[:2] == ["Maya walked to the mill with Ben.", "It rained the whole way and Maya was soaked."]
    assert set(told[2:]) <= {"\u201cThey were closed when we came.\u201d"}
    assert all(sentence["citations"] for sentence in entry["sentences"])
    assert entry["provenance"]["template"] == "about Maya@1"
    stored = asking.call("entry", "last", "--json").json["entry"]
    assert (stored["version"], stored["composed_by"]) == (1, "extractive")
    assert "about Maya" not in asking.call("template", "list").out
