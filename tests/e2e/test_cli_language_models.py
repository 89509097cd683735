"""Commands that tell of language models, and those by which an account says what they may get and cost."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from command_line import SAMPLE, CommandLine

pytestmark = pytest.mark.slow

MEMO = "I had dinner with Priya at the harbour. I have to send her the photos by Friday."
HOME: dict[str, Any] = {
    "name": "home", "kind": "openai_compatible", "base_url": "http://127.0.0.1:1/v1", "region": "self_hosted",
    "models": [{"name": "llama", "context_tokens": 32768, "quality": 40}],
}  # fmt: skip
FAR = {
    "name": "far", "kind": "openai", "api_key": "none",
    "models": [{"name": "large", "context_tokens": 32768, "quality": 90, "price": {"input": "10", "output": "50"}}],
}  # fmt: skip


@pytest.fixture
def diary(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path, LLM__ENABLED="true", LLM__PRESET="best", LLM__PROVIDERS=json.dumps([HOME, FAR]))


def explained(diary: CommandLine) -> tuple[list[str], dict[str, str]]:
    """The models that would be asked, and why not the others."""
    told = diary.call("llm", "explain", "--json").json
    return [one["model"] for one in told["ranked"]], {one["model"]: one["code"] for one in told["rejected"]}


def test_what_an_account_says_of_privacy_and_money_comes_before_the_settings(diary: CommandLine) -> None:
    assert explained(diary) == (["far/large", "home/llama"], {})
    assert diary.call("account", "llm", "local", "--privacy", "self_hosted", "--day", "0.5").status == 0
    assert explained(diary) == (["home/llama"], {"far/large": "privacy"})
    told = diary.call("llm", "status", "--json").json
    assert (told["privacy"], told["spent"]["day_usd"], told["spent"]["day_limit_usd"]) == ("self_hosted", "0", "0.5")
    assert diary.call("account", "llm", "local", "--privacy", "default", "--day", "0.01").status == 0
    assert explained(diary) == (["home/llama"], {"far/large": "budget"})
    assert diary.call("account", "llm", "--json").json["language_models"]["own"] == ["day_usd"]
    assert diary.call("account", "llm", "local", "--privacy", "nobody").status == 0
    assert explained(diary) == ([], {"home/llama": "privacy", "far/large": "privacy"})
    assert diary.call("account", "llm", "--privacy", "default", "--day", "default").status == 0
    assert explained(diary) == (["far/large", "home/llama"], {})


def test_terms_are_changed_one_by_one_and_shown(diary: CommandLine) -> None:
    diary.call("account", "llm", "--preset", "cheap", "--month", "5")
    told = diary.call("account", "llm", "--mask", "person,email", "--mask-where", "before_any_provider", "--json").json
    assert told["language_models"] == {
        "privacy": "anyone", "day_usd": None, "month_usd": "5", "preset": "cheap", "kinds": ["email", "person"],
        "where": ["before_any_provider"], "without_names": "refuse", "own": ["month_usd", "preset", "kinds", "where"],
    }  # fmt: skip
    assert explained(diary)[0] == ["home/llama", "far/large"]
    assert diary.call("account", "list", "--json").json["accounts"][0]["language_models"] == told["language_models"]
    shown = diary.call("account", "llm", "--mask-where", "nowhere", "--mask", "default").out
    assert re.search(r"a month may cost +5 USD +of this account", shown)
    assert re.search(r"masked is +all +as for all", shown)
    assert re.search(r"masked where +nowhere +of this account", shown)
    for wrong in (["--privacy", "few"], ["--day", "-1"], ["--day", "much"], ["--mask", "person,dogs"], ["--preset", "good"]):
        assert diary.call("account", "llm", *wrong).status == 2


def test_models_and_receipts_are_shown_to_people(diary: CommandLine) -> None:
    status = diary.call("llm", "status")
    assert [line.split()[0] for line in status.out.splitlines()] == ["model", "home/llama", "far/large"]
    assert "Spent: 0 USD today" in status.err
    explain = diary.call("llm", "explain", "--quality", "80")
    assert [line.split()[:2] for line in explain.out.splitlines()] == [
        ["model", "score"], ["1", "far/large"], ["-", "home/llama"]
    ]  # fmt: skip
    assert "its quality is 40, and 80 is needed" in explain.out
    receipts = diary.call("receipts")
    assert (receipts.status, receipts.out, receipts.err) == (0, "", "No language model was asked yet.\n")
    assert diary.call("receipts", "--json").json == {"receipts": []}


def test_a_receipt_tells_of_every_call_and_every_model(diary: CommandLine) -> None:
    assert diary.call("receipts", "show").status != 0
    failing = json.dumps([{**HOME, "models": [{**HOME["models"][0], "quality": 95}]}, FAR])
    asked = CommandLine(
        diary.data_dir.parent, f"say={MEMO}", LLM__ENABLED="true", LLM__PROVIDERS=failing, LLM__PRIVACY="self_hosted"
    )
    assert asked.call("add", str(SAMPLE)).status == 0
    shown = asked.call("receipts", "show", "last")
    assert "unreachable" in shown.out
    assert re.search(r"far/large +rejected +it is anywhere, and the text may go to self-hosted models only", shown.out)
    found = asked.call("receipts", "show", "--json").json["receipt"]
    assert [one["decision"] for one in found["candidates"]] == ["failed", "rejected"]
    assert asked.call("receipts", "show", found["id"][-6:], "--json").json["receipt"] == found
    assert asked.call("receipts", "--json").json["receipts"][0] == found


def test_without_models_it_says_how_to_get_some(tmp_path: Path) -> None:
    ended = CommandLine(tmp_path).call("llm", "explain")
    assert (ended.status, ended.out) == (0, "")
    assert "DIARIST_LLM__ENABLED=true" in ended.err


def test_a_model_in_a_file_that_is_gone_says_so_everywhere(tmp_path: Path) -> None:
    gone = {"name": "here", "kind": "gguf", "models": [{"name": "small", "path": str(tmp_path / "gone.gguf")}]}
    diary = CommandLine(tmp_path, LLM__ENABLED="true", LLM__PROVIDERS=json.dumps([gone]))
    assert explained(diary) == ([], {"here/small": "unusable"})
    (status,) = diary.call("llm", "status", "--json").json["models"]
    assert status["unusable"].endswith("gone.gguf cannot be used: No such file or directory")
    doctor = diary.call("doctor", "--json")
    told = {one["name"]: (one["status"], one["detail"]) for one in doctor.json["checks"]}
    assert doctor.status == 1
    assert told["here/small"] == ("fail", f"{status['unusable']} (model_unavailable)")
