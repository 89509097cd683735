"""A real, poor language model writes a diary, by llama.cpp's server and in a child of ours: nothing that it invents gets in.

SmolLM2 with 135 million weights repeats itself, makes up doctors and cites what nobody said. Its answers are kept short here,
which leaves it no room to run on until its tokens are used up; what they say is its own.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import Field

from asking_models import asking, routing
from diarist.database.session import Database
from diarist.diary.compose import COMPOSED_BY
from diarist.diary.written.answers import Claim, Claims, WrittenEntry, WrittenItem, WrittenMention, WrittenSentence
from diarist.diary.written.asking import Clerk, Room
from diarist.diary.written.compose import NO_ANSWER, NOTHING_PROVEN, UNREAD, compose_written
from diarist.diary.written.style import packaged_style
from diarist.domain.diary import Entry
from diarist.llm.asking import Answer, Ask, Asker, T
from diarist.llm.masking.vault import Vault
from diarist.llm.receipts import list_receipts
from diarist.llm.router import Router
from diarist.settings import Settings
from heard import heard
from small_model import KEY, NAME, llama_server, small_model

pytestmark = [pytest.mark.heavy, pytest.mark.sqlite_only]

MEMO = (
    "Today I walked to the harbour with my brother Tom. We did not take the boat. He said he might move to Leeds in spring. "
    "I have to call the dentist on Monday. In the evening I was tired, but the soup was good and I slept early."
)
SHORT_MEMO = MEMO.partition(" I have to")[0]
"""So short that, when nothing of it is proven, nobody is asked to write: half the time."""
CONTEXT = 2560

Short = Annotated[str, Field(max_length=60)]
Ids = Annotated[list[str], Field(max_length=2)]


class ShortClaim(Claim):
    text: Short
    quote: Short
    segment_ids: list[int] = Field(max_length=3)


class ShortClaims(Claims):
    claims: list[ShortClaim] = Field(max_length=2)  # type: ignore[assignment]


class ShortSentence(WrittenSentence):
    text: Short
    claims: Ids


class ShortMention(WrittenMention):
    name: Annotated[str, Field(max_length=20)]
    claims: Ids


class ShortItem(WrittenItem):
    text: Short
    due: None = None
    claims: Ids


class ShortEntry(WrittenEntry):
    title: Annotated[str, Field(max_length=30)]
    sentences: list[ShortSentence] = Field(max_length=2)  # type: ignore[assignment]
    people: list[ShortMention] = Field(default=[], max_length=1)  # type: ignore[assignment]
    action_items: list[ShortItem] = Field(default=[], max_length=1)  # type: ignore[assignment]
    mood: None = None
    topics: list[ShortMention] = Field(default=[], max_length=0)  # type: ignore[assignment]
    places: list[ShortMention] = Field(default=[], max_length=0)  # type: ignore[assignment]
    quotes: Ids = Field(default=[])


SHORT: dict[Any, Any] = {Claims: ShortClaims, WrittenEntry: ShortEntry}


class InShort:
    """A router whose answers have to be short."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self.said: list[str] = []

    async def ask(self, ask: Ask[T], *, account: Asker, vault: Vault | None = None) -> Answer[T]:
        short = replace(ask, answer=SHORT[ask.answer])
        answer: Answer[T] = await self._router.ask(short, account=account, vault=vault)
        self.said.append(answer.value.model_dump_json())
        return answer

    async def judge(self, answer: Answer[Any], *, said: int, passed: int) -> None:
        await self._router.judge(answer, said=said, passed=passed)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with llama_server(CONTEXT) as url:
        yield url


@pytest.fixture
async def router(kind: str, request: pytest.FixtureRequest, settings: Settings, database: Database) -> AsyncIterator[Router]:
    model: dict[str, Any] = {"name": NAME, "context_tokens": CONTEXT, "temperature": 0.0}
    here: dict[str, Any] = {"name": "here", "kind": kind, "region": "self_hosted", "models": [model]}
    if kind == "gguf":
        model["path"] = str(small_model())
    else:
        here |= {"base_url": request.getfixturevalue("server"), "api_key": KEY}
    async with routing(settings, database, here, timeout=240.0) as opened:
        yield opened


@pytest.mark.parametrize(("kind", "memo"), [("openai_compatible", MEMO), ("gguf", SHORT_MEMO)], ids=["server", "child"])
async def test_nothing_that_a_poor_model_invents_is_in_the_entry(
    router: Router, memo: str, database: Database, account_id: UUID
) -> None:
    model = InShort(router)
    clerk = Clerk(
        model=model, account=asking(account_id), vault=None, room=Room(window=500, answer=500), at_once=1, deadline=300.0
    )
    entry = await compose_written(heard(memo), clerk, packaged_style("diary"))

    assert model.said, "it was asked, and answered"
    assert _texts(entry)
    spoken = set(re.findall(r"[a-z]+", memo.lower()))
    for text in _texts(entry):
        assert set(re.findall(r"[a-z]+", text.lower())) <= spoken, text
        assert "boat" not in text or "not" in text, text
        assert "Leeds" not in text or "might" in text, text
    for sentence in entry.sentences:
        assert sentence.citations
        assert all(citation.quote in memo for citation in sentence.citations)
    _tells_how_it_was_made(entry)
    async with database.read() as session:
        receipts = await list_receipts(session, account_id, 10)
    assert {(receipt.region, receipt.cost) for receipt in receipts if receipt.state == "answered"} == {("self_hosted", 0)}
    assert clerk.cost == Decimal(0)


def _texts(entry: Entry) -> list[str]:
    """All that it says, but for the mood, which is in words of its own."""
    mentions = (*entry.people, *entry.places, *entry.topics)
    return [
        entry.title, *(sentence.text for sentence in entry.sentences), *(item.text for item in entry.action_items),
        *(one.name for one in mentions), *(quote.quote for quote in entry.quotes),
    ]  # fmt: skip


def _tells_how_it_was_made(entry: Entry) -> None:
    told = entry.provenance
    assert told is not None
    assert told.claims_found >= sum(told.claims_dropped.values())
    assert told.sentences_written >= len(told.sentences_dropped)
    if entry.composed_by == COMPOSED_BY:
        assert {NO_ANSWER, NOTHING_PROVEN} & set(entry.notes)
    else:
        assert entry.composed_by == f"here/{NAME}"
        assert (UNREAD in entry.notes) == bool(told.windows_unread)
