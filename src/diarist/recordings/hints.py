"""Hints as requests carry them: in a query, in fields of a form, in the metadata of an upload, in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from diarist.domain.hints import MAX_LANGUAGES, MAX_TERM, MAX_TERMS, Hints, hints

MAX_TEXT = MAX_TERMS * (MAX_TERM + 2)
"""Characters of one such text."""

_LANGUAGE = "ISO 639-1 code of the language of all that is said; left out, it is detected."
_LANGUAGES = "Those that may be detected; left out, all that the model knows."
_VOCABULARY = "Names and words that are likely to be said."


class HintFields(BaseModel):
    """What is known of a recording before it is heard, in JSON."""

    model_config = ConfigDict(extra="forbid")

    language: Annotated[str | None, Field(max_length=8, description=_LANGUAGE, examples=["de"])] = None
    languages: Annotated[list[Annotated[str, Field(max_length=8)]], Field(max_length=MAX_LANGUAGES, description=_LANGUAGES)] = []
    vocabulary: Annotated[
        list[Annotated[str, Field(max_length=MAX_TERM)]],
        Field(max_length=MAX_TERMS, description=_VOCABULARY, examples=[["Anna", "Grünwald"]]),
    ] = []

    def checked(self) -> Hints:
        """As a value; raises `InvalidInput`."""
        return hints(self.language, self.languages, self.vocabulary)


def fields_from_hints(given: Hints | None) -> HintFields | None:
    """On the way out; None where nothing is known."""
    if not given:
        return None
    return HintFields(language=given.language, languages=list(given.languages), vocabulary=list(given.vocabulary))


async def _texts(
    language: Annotated[str | None, Query(max_length=8, description=_LANGUAGE)] = None,
    languages: Annotated[str | None, Query(max_length=MAX_TEXT, description=f"{_LANGUAGES} Such as `de,en`.")] = None,
    vocabulary: Annotated[str | None, Query(max_length=MAX_TEXT, description=f"{_VOCABULARY} Such as `Anna,Grünwald`.")] = None,
) -> Mapping[str, str]:
    texts = {"language": language, "languages": languages, "vocabulary": vocabulary}
    return {name: text for name, text in texts.items() if text is not None}


HintTexts = Annotated[Mapping[str, str], Depends(_texts)]
"""The hints of a query, as they came."""
