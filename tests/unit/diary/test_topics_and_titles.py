"""Topics name what was talked about, and the title is made of the speaker's words."""

from __future__ import annotations

import pytest

from diarist.diary.compose import compose
from heard import heard


def _topics(text: str) -> list[str]:
    return [topic.name for topic in compose(heard(text)).topics]


def test_what_comes_back_is_the_first_topic() -> None:
    said = (
        "We talked about artificial intelligence. Later somebody asked what artificial intelligence can do with volumes of data."
        " I think artificial intelligence needs good volumes of data."
    )

    assert _topics(said)[:2] == ["artificial intelligence", "volumes of data"]


def test_people_days_and_empty_words_are_no_topics() -> None:
    said = (
        "On Tuesday Anna came by and my sister too. Anna said something about the day. On Tuesday it rained a lot and Anna"
        " laughed, my sister as well. It was a good thing, a good day, and a long time since Anna was here."
    )

    assert _topics(said) == []


def test_verbs_are_no_topics() -> None:
    assert _topics(
        "The second worker opens the file and it fails. Then it renames the old cache folder, and it fails again."
    ) == ["old cache folder"]


def test_a_meeting_is_named_with_whom_it_was() -> None:
    entry = compose(heard("The meeting with Sarah went better than I had feared. She liked it."))

    assert entry.title == "Meeting with Sarah"


def test_a_sentence_is_the_title_where_no_topic_is() -> None:
    assert compose(heard("Well, it rained. So I've decided to go there. Then we ate.")).title == "I've decided to go there"


@pytest.mark.parametrize("words", [3, 40, 400])
def test_a_title_is_short_and_said(words: int) -> None:
    said = " ".join(f"nobody{number}" for number in range(words)) + "."

    title = compose(heard(said)).title

    assert len(title) <= 60
    assert title.rstrip("\u2026").lower() in said
