"""From an upload to an entry that a language model wrote, over real sockets; written anew, edited, and without the model."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from asking_models import provider, with_llms
from diarist.accounts.llm_terms import change_llm_terms
from diarist.database.session import Database
from diarist.domain.privacy import Privacy
from diarist.settings import EngineSettings, Settings
from llm_servers import Fault, Llms, Request, llm_servers
from served import worked_for
from waiting import until

pytestmark = pytest.mark.sqlite_only

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
MEMO = (
    "I had dinner with Priya Sharma at the harbour. She said she might move back. I did not tell her about the job. "
    "I have to send her the photos by Friday."
)


def _answer(request: Request) -> dict[str, Any]:
    """Claims each sentence of the transcript as it stands; writes the first, and a falsehood about each."""
    said = str([message["content"] for message in request.body["messages"]][-1])
    if "<transcript-" in said:
        segments = re.findall(r"^\[(\d+)\] (.*)$", said, re.MULTILINE)
        every = [int(number) for number, _ in segments]
        sentences = re.findall(r"[^.]+\.", " ".join(text for _, text in segments))
        claims = [{"text": one.strip(), "segment_ids": every, "quote": one.strip(), "kind": "event"} for one in sentences]
        return {"claims": claims}
    claims_seen = re.findall(r'^(c\d+) \w+: .* \(said: "(.*)"\)$', said, re.MULTILINE)
    written = [{"text": quote, "claims": [name]} for name, quote in claims_seen if "photos" not in quote]
    invented = [{"text": "She will move back to me.", "claims": [claims_seen[1][0]]}]
    mood = {"valence": 0.3, "arousal": 0.1, "label": "hopeful", "claims": [claims_seen[0][0]]}
    return {"title": "Dinner at the harbour", "sentences": [*written, *invented], "mood": mood}


@pytest.fixture
def llms() -> Iterator[Llms]:
    with llm_servers() as servers:
        servers.answer = _answer
        yield servers


@pytest.fixture
def client(settings: Settings, llms: Llms) -> Iterator[httpx.Client]:
    """Of a server with workers that hear the memo and may ask one provider."""
    hearing = settings.model_copy(update={"engine": EngineSettings(name="scripted", model=f"say={MEMO}")})
    asking = with_llms(hearing, provider(llms, "openai"), tries=1)
    with worked_for(asking) as client:
        yield client


def _wait(client: httpx.Client, location: str) -> dict[str, Any]:
    job: dict[str, Any] = until(lambda: (one := client.get(location).json())["state"] not in {"queued", "running"} and one)
    assert job["state"] == "succeeded", job
    return job


def _entry(client: httpx.Client) -> dict[str, Any]:
    with SAMPLE.open("rb") as memo:
        location = client.post("/v1/recordings", files={"file": memo}).headers["Location"]
    job = _wait(client, location)
    entry: dict[str, Any] = client.get(f"/v1/recordings/{job['recording_id']}/entry").json()
    return entry


def test_an_entry_is_written_by_a_model_proven_and_masked_on_the_way(client: httpx.Client, llms: Llms) -> None:
    entry = _entry(client)

    told = [sentence["text"] for sentence in entry["sentences"]]
    assert entry["composed_by"] == "openai/gpt-4o-mini"
    assert told[0] == "I had dinner with Priya Sharma at the harbour."
    assert "She will move back to me." not in told
    provenance = entry["provenance"]
    assert [one["text"] for one in provenance["sentences_dropped"]] == ["She will move back to me."]
    assert (provenance["calls"], len(provenance["receipts"])) == (2, 2)
    assert float(provenance["cost_usd"]) > 0
    assert entry["action_items"][0]["due"] == "by Friday"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry["action_items"][0]["due_date"])
    assert entry["mood"]["label"] == "hopeful"
    assert "Priya" not in json.dumps([request.body for request in llms.asked()])


def test_an_entry_is_written_anew_by_another_template_and_what_was_edited_stays(client: httpx.Client, llms: Llms) -> None:
    entry = _entry(client)
    wording = "Dinner with Priya, at the harbour, at last."
    changed = client.patch(f"/v1/entries/{entry['id']}", json={"sentences": [{"position": 0, "text": wording}]})
    assert changed.status_code == 200
    assert (changed.json()["version"], changed.json()["sentences"][0]["edited"]) == (2, True)
    asked = len(llms.asked())

    begun = client.post(f"/v1/recordings/{entry['recording_id']}/entry", json={"template": "dream"})
    assert begun.status_code == 202, begun.text
    _wait(client, begun.headers["Location"])
    anew = client.get(f"/v1/recordings/{entry['recording_id']}/entry").json()

    assert (anew["version"], anew["provenance"]["template"]) == (3, "dream@1")
    assert next((one["text"], one["edited"]) for one in anew["sentences"]) == (wording, True)
    assert "I had dinner with Priya Sharma at the harbour." not in [one["text"] for one in anew["sentences"]]
    assert len(anew["sentences"]) == len(entry["sentences"])
    # The claims are there from before: only the writing is paid for again.
    assert (anew["provenance"]["cached"], len(llms.asked()) - asked) == (1, 1)
    assert client.get(f"/v1/entries/{entry['id']}").json() == entry


def test_an_entry_is_written_by_the_model_that_was_chosen_or_stays_as_it_was(
    client: httpx.Client, settings: Settings, llms: Llms
) -> None:
    entry = _entry(client)
    address = f"/v1/recordings/{entry['recording_id']}/entry"
    assert client.post(address, json={"model": "openai/gpt-9"}).status_code == 404
    refused = client.post(address, json={"model": "other/none-of-its-kind"})
    assert "there are: openai/gpt-4o-mini" in refused.json()["advice"]

    begun = client.post(address, json={"model": "openai/gpt-4o-mini"})
    _wait(client, begun.headers["Location"])
    anew = client.get(address).json()
    assert (anew["version"], anew["composed_by"]) == (2, "openai/gpt-4o-mini")

    llms.always["openai"] = Fault.REFUSAL
    begun = client.post(address, json={"model": "openai/gpt-4o-mini", "template": "dream"})
    job: dict[str, Any] = until(
        lambda: (one := client.get(begun.headers["Location"]).json())["state"] not in {"queued", "running"} and one
    )
    assert (job["state"], job["error"]["code"]) == ("failed", "model_not_usable")
    assert "openai/gpt-4o-mini gave no entry: it was asked, and its answer could not be used (refused)" in job["error"]["message"]
    assert client.get(address).json() == anew

    asyncio.run(_keep_in_the_eu(settings))
    asked = len(llms.asked())
    refused = client.post(address, json={"model": "openai/gpt-4o-mini"})
    assert (refused.status_code, refused.json()["code"]) == (409, "model_not_usable")
    assert refused.json()["detail"] == "openai/gpt-4o-mini may not be asked: it is anywhere, and the text may go to the EU only"
    assert len(llms.asked()) == asked


async def _keep_in_the_eu(settings: Settings) -> None:
    database = Database.open(settings.database_url, settings.database)
    async with database.write() as session:
        await change_llm_terms(session, "local", lambda own: replace(own, privacy=Privacy.EU))
    await database.close()


def test_what_cannot_be_written_or_edited_says_why(client: httpx.Client) -> None:
    entry = _entry(client)
    edit = {"sentences": [{"position": 0, "text": "Other words."}]}

    assert client.post(f"/v1/recordings/{entry['recording_id']}/entry", json={"template": "sonnet"}).status_code == 404
    assert client.patch(f"/v1/entries/{entry['id']}", json={"sentences": [{"position": 99, "text": "x"}]}).status_code == 422
    assert client.patch(f"/v1/entries/{entry['id']}", json=edit).status_code == 200
    assert client.patch(f"/v1/entries/{entry['id']}", json=edit).status_code == 409


def test_without_an_answer_the_entry_holds_the_speaker_s_own_sentences_and_says_so(client: httpx.Client, llms: Llms) -> None:
    llms.always["openai"] = Fault.BROKEN
    entry = _entry(client)

    assert entry["composed_by"] == "extractive"
    assert entry["provenance"]["calls"] == 0
    assert any("No language model answered" in note for note in entry["notes"])
    assert entry["sentences"]
