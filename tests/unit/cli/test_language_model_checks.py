"""What `diarist doctor` says of language models in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diarist.cli.checks.check import Check, Status
from diarist.cli.checks.language_models import answering, language_models
from diarist.settings import Settings
from diarist.settings.llm import LlmSettings
from made_gguf import MODEL, gguf, number
from small_model import small_model


def with_file(settings: Settings, path: Path, **more: Any) -> Settings:
    here = {"name": "here", "kind": "gguf", "threads": 1, "models": [{"name": "small", "path": str(path), **more}]}
    return settings.model_copy(update={"llm": LlmSettings.model_validate({"enabled": True, "providers": [here]})})


def file_check(settings: Settings) -> Check:
    _, check = language_models(settings)
    return check


def test_without_any_it_says_what_entries_are_made_of(settings: Settings) -> None:
    (check,) = language_models(settings)
    assert (check.status, check.detail) == (Status.OK, "none; entries hold the speaker's own sentences")


def test_a_file_is_told_with_its_room_and_the_memory_that_it_takes(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "small.gguf"
    path.write_bytes(gguf())
    check = file_check(with_file(settings, path, context_tokens=4096))
    assert check.status is Status.OK
    assert check.detail.startswith("Made up (llama), ")
    assert "4096 of 8192 tokens, about 294.4 MB of memory" in check.detail


def test_one_that_is_larger_than_the_memory_that_is_free_is_warned_of(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "large.gguf"
    path.write_bytes(gguf({**MODEL, "llama.context_length": number(2**31), "llama.block_count": number(2**20)}))
    check = file_check(with_file(settings, path))
    assert (check.status, "are free" in check.detail) == (Status.WARN, True)


def test_one_that_was_not_fetched_to_the_end_fails(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "part.gguf"
    path.write_bytes(gguf(weights=0))
    check = file_check(with_file(settings, path))
    assert (check.status, check.name) == (Status.FAIL, "here/small")
    assert "not fetched to the end" in check.detail


@pytest.mark.slow
async def test_looking_deeper_loads_it(settings: Settings, tmp_path: Path) -> None:
    (check,) = await answering(with_file(settings, small_model(), context_tokens=512))
    assert check.status is Status.OK, check
    assert "it was loaded and wrote" in check.detail
    path = tmp_path / "strange.gguf"
    path.write_bytes(gguf())
    (check,) = await answering(with_file(settings, path, context_tokens=512))
    assert (check.status, check.name) == (Status.FAIL, "here/small answers")
    assert "llama.cpp cannot load" in check.detail
