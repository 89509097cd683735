"""Hints in JSON: those of a recording, and those that hold for all recordings of an account."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from diarist.domain.hints import MAX_LANGUAGES, MAX_TERM, MAX_TERMS, Hints, hints

LANGUAGE = "ISO 639-1 code of the language of all that is said; left out, it is detected."
LANGUAGES = "Those that may be detected; left out, all that the model knows."
VOCABULARY = "Names and words that are likely to be said."


class HintFields(BaseModel):
    """What is known of a recording before it is heard, in JSON."""

    model_config = ConfigDict(extra="forbid")

    language: Annotated[str | None, Field(max_length=8, description=LANGUAGE, examples=["de"])] = None
    languages: Annotated[list[Annotated[str, Field(max_length=8)]], Field(max_length=MAX_LANGUAGES, description=LANGUAGES)] = []
    vocabulary: Annotated[
        list[Annotated[str, Field(max_length=MAX_TERM)]],
        Field(max_length=MAX_TERMS, description=VOCABULARY, examples=[["Anna", "Grünwald"]]),
    ] = []

    def checked(self) -> Hints:
        """As a value; raises `InvalidInput`."""
        return hints(self.language, self.languages, self.vocabulary)


def fields_from_hints(given: Hints | None) -> HintFields | None:
    """On the way out; None where nothing is known."""
    if not given:
        return None
    return HintFields(language=given.language, languages=list(given.languages), vocabulary=list(given.vocabulary))
