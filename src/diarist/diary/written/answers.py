"""What a language model is to answer: claims first, then an entry written from them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

Kind = Literal["event", "plan", "action", "feeling", "thought", "fact", "speech"]


class Claim(BaseModel):
    """One thing that was said."""

    text: str = Field(description="The claim as one sentence in the first person, in the speaker's language and words.")
    segment_ids: list[int] = Field(description="The ids of the segments that hold the quote, ascending.")
    quote: str = Field(description="The exact words of the transcript that say it, in one piece.")
    kind: Kind


class Claims(BaseModel):
    """All that a stretch of the transcript says."""

    claims: list[Claim]


class WrittenSentence(BaseModel):
    """A sentence of the entry."""

    text: str
    claims: list[str] = Field(description='Ids of the claims that it tells, such as "c3".')


class WrittenMention(BaseModel):
    """A name or a topic."""

    name: str
    claims: list[str]


class WrittenItem(BaseModel):
    """Something that the speaker committed to do."""

    text: str = Field(description="What to do, beginning with the verb, in the speaker's words.")
    due: str | None = Field(default=None, description='The words that say by when, as spoken, such as "by Friday".')
    claims: list[str]


class WrittenMood(BaseModel):
    """How the speaker feels."""

    valence: float = Field(ge=-1, le=1)
    arousal: float = Field(ge=-1, le=1)
    label: str
    claims: list[str]


class WrittenEntry(BaseModel):
    """The entry."""

    title: str
    sentences: list[WrittenSentence]
    mood: WrittenMood | None = None
    topics: list[WrittenMention] = []
    people: list[WrittenMention] = []
    places: list[WrittenMention] = []
    action_items: list[WrittenItem] = []
    quotes: list[str] = Field(default=[], description="Ids of at most three claims whose words are worth keeping as they are.")
