"""What leaves the machine for a question, and what does not."""

import json
from uuid import UUID

import pytest
from pydantic import BaseModel, field_validator

from asking_models import asking, provider, question, routing, with_llms
from diarist.database.session import Database
from diarist.domain.masking import MaskingPolicy, Where, WithoutNames
from diarist.domain.privacy import Privacy
from diarist.errors import NoModelAnswered
from diarist.llm.asking import Ask
from diarist.llm.masking import written
from diarist.llm.masking.masker import Masker
from diarist.llm.masking.patterns import Patterns
from diarist.llm.opening import open_router
from diarist.llm.providers import configured
from diarist.llm.receipts import list_receipts
from diarist.settings import Settings
from diarist.settings.llm import LlmSettings
from llm_servers import Fault, Llms, Request

pytestmark = pytest.mark.sqlite_only

ADA = "ada@lovelace.example.org"
TOLD = f"I wrote to {ADA} about the mill."
PATTERNS = MaskingPolicy(without_names=WithoutNames.PATTERNS)
KEYS = {"OPENAI_API_KEY": "one", "ANTHROPIC_API_KEY": "two", "MISTRAL_API_KEY": "three", "OTHER": "x"}


def masker(policy: MaskingPolicy = PATTERNS) -> Masker:
    return Masker([Patterns(written.find)], policy)


def naming(text: str) -> dict[str, str]:
    return {"title": text}


async def test_nothing_is_asked_unless_that_is_enabled(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    off = with_llms(settings, provider(llms, "openai"), enabled=False)
    async with open_router(off, database, None, KEYS) as router:
        assert not router.configured
        with pytest.raises(NoModelAnswered, match="no language model is configured"):
            await router.ask(question(), account=asking(account_id))
    assert not llms.asked()


def test_keys_of_the_environment_count_only_when_enabled() -> None:
    assert configured(LlmSettings(), KEYS) == []
    found = configured(LlmSettings(enabled=True), KEYS)
    assert [(one.name, one.region.value) for one in found] == [("openai", "anyone"), ("anthropic", "anyone"), ("mistral", "eu")]
    assert [one.name for one in configured(LlmSettings(enabled=True), {"MISTRAL_API_KEY": "x", "OPENAI_API_KEY": ""})] == [
        "mistral"
    ]


@pytest.mark.parametrize(
    ("privacy", "asked"),
    [
        (Privacy.NOBODY, set()),
        (Privacy.SELF_HOSTED, {"openai_compatible"}),
        (Privacy.EU, {"openai_compatible", "mistral"}),
        (Privacy.ANYONE, {"openai_compatible", "mistral", "openai"}),
    ],
)
async def test_text_goes_to_whom_its_account_allows(
    settings: Settings, database: Database, account_id: UUID, llms: Llms, privacy: Privacy, asked: set[str]
) -> None:
    llms.always |= dict.fromkeys(("openai", "mistral", "openai_compatible"), Fault.BAD_REQUEST)
    home = provider(llms, "openai_compatible", region="self_hosted")
    providers = [provider(llms, "openai"), provider(llms, "mistral", region="eu"), home]
    async with routing(settings, database, *providers) as router:
        with pytest.raises(NoModelAnswered):
            await router.ask(question(), account=asking(account_id, privacy=privacy))
    assert {request.provider for request in llms.asked()} == asked


async def test_a_masked_text_leaves_and_the_answer_is_unmasked(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.answer = lambda _: naming("A letter to [EMAIL_1]")
    async with routing(settings, database, provider(llms, "openai")) as router:
        answer = await router.ask(question(TOLD), account=asking(account_id, masking=PATTERNS), vault=masker().vault())
        again = await router.ask(question(TOLD), account=asking(account_id, masking=PATTERNS), vault=masker().vault())
    (request,) = llms.asked()
    assert ADA not in request.text
    assert "[EMAIL_1]" in request.text
    assert answer.value.title == again.value.title == f"A letter to {ADA}"
    async with database.read() as session:
        receipts = await list_receipts(session, account_id, 5)
    assert [receipt.masked for receipt in receipts] == [{"email": 1}, {"email": 1}]
    (file,) = (settings.cache_dir / "answers").rglob("*.json")
    assert ADA not in file.read_text()


async def test_two_texts_that_look_alike_masked_get_their_own_names(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.answer = lambda _: naming("To [EMAIL_1]")
    account = asking(account_id, masking=PATTERNS)
    async with routing(settings, database, provider(llms, "openai")) as router:
        await router.ask(question(TOLD), account=account, vault=masker().vault())
        other = await router.ask(question(TOLD.replace("ada", "eva")), account=account, vault=masker().vault())
    assert (other.value.title, other.cached) == (f"To {ADA.replace('ada', 'eva')}", True)


async def test_what_cannot_be_masked_stays_here(settings: Settings, database: Database, account_id: UUID, llms: Llms) -> None:
    """Nothing that knows names is installed, and the policy refuses."""
    refusing = MaskingPolicy()
    home = provider(llms, "openai_compatible", "home", region="self_hosted", model={"quality": 10})
    account = asking(account_id, masking=refusing)
    async with routing(settings, database, provider(llms, "openai")) as router:
        for vault in (masker(refusing).vault(), None):
            with pytest.raises(NoModelAnswered, match="would have to be masked") as caught:
                await router.ask(question(TOLD), account=account, vault=vault)
            assert not caught.value.hops
    async with routing(settings, database, provider(llms, "openai"), home) as router:
        answer = await router.ask(question(TOLD), account=account, vault=masker(refusing).vault())
    assert (answer.provider, [request.provider for request in llms.asked()]) == ("home", ["home"])
    assert ADA in llms.asked()[0].text


async def test_masking_before_any_provider_masks_at_home_too(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    policy = MaskingPolicy(without_names=WithoutNames.PATTERNS, where=frozenset({Where.BEFORE_ANY_PROVIDER}))
    home = provider(llms, "openai_compatible", "home", region="self_hosted")
    async with routing(settings, database, home) as router:
        await router.ask(question(TOLD), account=asking(account_id, masking=policy), vault=masker(policy).vault())
    assert ADA not in llms.asked()[0].text


async def test_an_unknown_placeholder_is_asked_about_once_and_then_the_next_model(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.answer = lambda request: naming("For [EMAIL_7]" if request.provider == "openai" else "For [EMAIL_1]")
    providers = [provider(llms, "openai"), provider(llms, "anthropic", model={"quality": 40})]
    async with routing(settings, database, *providers) as router:
        answer = await router.ask(question(TOLD), account=asking(account_id, masking=PATTERNS), vault=masker().vault())
    assert answer.value.title == f"For {ADA}"
    async with database.read() as session:
        (receipt,) = await list_receipts(session, account_id, 5)
    assert [(hop["outcome"], hop["repair"]) for hop in receipt.hops] == [
        ("unknown_placeholder", False), ("unknown_placeholder", True), ("answered", False)
    ]  # fmt: skip


async def test_a_complaint_about_an_answer_is_masked_too(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    """Words of a validator may repeat what was unmasked for it."""

    class Strict(BaseModel):
        title: str

        @field_validator("title")
        @classmethod
        def _short(cls, value: str) -> str:
            if "@" in value and not value.startswith("To"):
                raise ValueError(f"{value} is no title")
            return value

    def answer(request: Request) -> dict[str, str]:
        return naming("To [EMAIL_1]" if "is no title" in request.text else "[EMAIL_1]")

    llms.answer = answer
    asked = question(TOLD)
    ask = Ask(
        purpose=asked.purpose, prompt_version="1", system=asked.system, prompt=TOLD, answer=Strict, max_output_tokens=300
    )  # fmt: skip
    async with routing(settings, database, provider(llms, "openai")) as router:
        found = await router.ask(ask, account=asking(account_id, masking=PATTERNS), vault=masker().vault())
    assert found.value.title == f"To {ADA}"
    assert len(llms.asked()) == 2
    assert all(ADA not in request.text for request in llms.asked())


async def test_receipts_hold_neither_text_nor_keys(settings: Settings, database: Database, account_id: UUID, llms: Llms) -> None:
    llms.script("openai", Fault.BROKEN, Fault.NO_JSON)
    async with routing(settings, database, provider(llms, "openai")) as router:
        await router.ask(question("I walked with Ada."), account=asking(account_id))
    async with database.read() as session:
        (receipt,) = await list_receipts(session, account_id, 5)
    kept = json.dumps({column.name: str(getattr(receipt, column.name)) for column in receipt.__table__.columns})
    assert "key-of-openai" in llms.asked()[0].authorization
    assert not [word for word in ("Ada", "walked", "A long day", "key-of") if word in kept]
