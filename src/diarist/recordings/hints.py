"""Hints as requests carry them: in a query, in fields of a form, in the metadata of an upload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Query

from diarist.accounts.hint_fields import LANGUAGE, LANGUAGES, VOCABULARY
from diarist.domain.hints import MAX_TERM, MAX_TERMS

MAX_TEXT = MAX_TERMS * (MAX_TERM + 2)
"""Characters of one such text."""


async def _texts(
    language: Annotated[str | None, Query(max_length=8, description=LANGUAGE)] = None,
    languages: Annotated[str | None, Query(max_length=MAX_TEXT, description=f"{LANGUAGES} Such as `de,en`.")] = None,
    vocabulary: Annotated[str | None, Query(max_length=MAX_TEXT, description=f"{VOCABULARY} Such as `Anna,Grünwald`.")] = None,
) -> Mapping[str, str]:
    texts = {"language": language, "languages": languages, "vocabulary": vocabulary}
    return {name: text for name, text in texts.items() if text is not None}


HintTexts = Annotated[Mapping[str, str], Depends(_texts)]
"""The hints of a query, as they came."""
