"""What settings say of providers and models, and what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from asking_models import asking, provider, question, routing
from diarist.database.session import Database
from diarist.domain.privacy import Privacy, Region
from diarist.llm.model_file import ENOUGH
from diarist.llm.money import Tokens, cost
from diarist.llm.providers import model_cards
from diarist.settings import Settings
from diarist.settings.llm import LlmSettings, ProviderSettings
from llm_servers import Llms
from made_gguf import MODEL, gguf, number


def in_file(path: Path, **more: Any) -> dict[str, Any]:
    """A provider with one model in a file."""
    return {"name": "here", "kind": "gguf", "models": [{"name": "small", "path": str(path), **more}]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "small.gguf"
    path.write_bytes(gguf({**MODEL, "llama.context_length": number(40_960)}))
    return path


def test_a_model_in_a_file_is_asked_here_alone_one_question_at_a_time_and_patiently(path: Path) -> None:
    settings = LlmSettings.model_validate({"providers": [in_file(path), in_file(path) | {"name": "hasty", "timeout": 5}]})
    card, hasty = model_cards(settings.providers, settings)
    assert (card.region, card.context_tokens, card.at_once, card.timeout) == (Region.SELF_HOSTED, ENOUGH, 1, 600.0)
    assert hasty.timeout == 5.0


def test_it_costs_nothing_unless_the_settings_say_so(path: Path) -> None:
    dear = in_file(path, price={"input": "1", "output": "5"}) | {"name": "dear"}
    settings = LlmSettings.model_validate({"providers": [in_file(path), dear]})
    costs = [cost(card, Tokens(input=1_000_000, output=1_000_000)) for card in model_cards(settings.providers, settings)]
    assert costs == [0, 6]


def test_its_text_cannot_be_said_to_go_elsewhere(path: Path) -> None:
    with pytest.raises(ValidationError, match="its region is self_hosted"):
        ProviderSettings.model_validate(in_file(path) | {"region": "eu"})
    for elsewhere in ({"kind": "openai"}, {"kind": "openai_compatible"}, {"base_url": "http://far.example/v1"}):
        with pytest.raises(ValidationError, match="is asked on this machine"):
            ProviderSettings.model_validate(in_file(path) | elsewhere)
    with pytest.raises(ValidationError, match="needs the path"):
        ProviderSettings.model_validate(in_file(path) | {"models": [{"name": "far"}]})
    mixed = [*in_file(path)["models"], {"name": "far"}]
    with pytest.raises(ValidationError, match="make two providers"):
        ProviderSettings.model_validate(in_file(path) | {"kind": "theirs", "models": mixed})


async def test_one_that_cannot_be_used_says_why_and_the_next_is_asked(
    settings: Settings, database: Database, account_id: UUID, llms: Llms, tmp_path: Path, path: Path
) -> None:
    gone, greedy = in_file(tmp_path / "gone.gguf"), in_file(path, context_tokens=50_000) | {"name": "greedy"}
    async with routing(settings, database, gone, greedy, provider(llms, "openai_compatible", region="self_hosted")) as router:
        choice = await router.explain(asking(account_id), input_tokens=10, output_tokens=10)
        answer = await router.ask(question(), account=asking(account_id))
    reasons = {one.card.provider: (one.code, one.reason) for one in choice.rejected}
    assert reasons["here"] == ("unusable", f"the model file {tmp_path / 'gone.gguf'} cannot be used: No such file or directory")
    assert reasons["greedy"][1] == f"the model in {path} shall take 50000 tokens, and was made for 40960"
    assert answer.provider == "openai_compatible"


async def test_accounts_whose_text_may_go_to_nobody_do_not_ask_it_either(
    settings: Settings, database: Database, account_id: UUID, path: Path
) -> None:
    async with routing(settings, database, in_file(path)) as router:
        for privacy, asked in ((Privacy.NOBODY, 0), (Privacy.SELF_HOSTED, 1)):
            choice = await router.explain(asking(account_id, privacy=privacy), input_tokens=10, output_tokens=10)
            assert len(choice.ranked) == asked


@pytest.mark.sqlite_only
@pytest.mark.parametrize("kind", ["openai", "openai_compatible"])
async def test_what_else_the_settings_say_goes_with_each_question(
    settings: Settings, database: Database, account_id: UUID, llms: Llms, kind: str
) -> None:
    extra = {"top_k": 20, "chat_template_kwargs": {"enable_thinking": False}}
    async with routing(settings, database, provider(llms, kind, region="self_hosted", model={"extra": extra})) as router:
        await router.ask(question(), account=asking(account_id))
    (request,) = llms.asked()
    assert {name: request.body[name] for name in extra} == extra
