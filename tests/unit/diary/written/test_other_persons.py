"""A sentence is told in another person, and in nothing but the person another; what leaves a doubt stands as it was spoken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.diary.compose import compose
from diarist.diary.written.persons import FIRST_PLURAL, FIRST_SINGULAR, SECOND, THIRD
from diarist.diary.written.retelling import NOT_ENGLISH, retelling, retold
from diarist.domain.diary import Entry
from diarist.domain.wordlist import words
from heard import heard


@pytest.mark.parametrize(
    ("said", "third", "second"),
    [
        ("I was so happy to see Priya.", "They were so happy to see Priya.", "You were so happy to see Priya."),
        ("I'm tired, and I don't care.", "They're tired, and they don't care.", "You're tired, and you don't care."),
        ("Ben called me about my sister.", "Ben called them about their sister.", "Ben called you about your sister."),
        ("I called Ben and was glad.", "They called Ben and were glad.", "You called Ben and were glad."),
        ("I never really was there.", "They never really were there.", "You never really were there."),
        ("It rained. I've been ill.", "It rained. They've been ill.", "It rained. You've been ill."),
        ("I told Sarah that I wasn't late.", "They told Sarah that they weren't late.", "You told Sarah that you weren't late."),
        ("We went to our lake.", "They went to their lake.", "You went to your lake."),
        ("The dog was tired.", "The dog was tired.", "The dog was tired."),
        ("The book is mine.", "The book is theirs.", "The book is yours."),
        ("If I were rich, I would go.", "If they were rich, they would go.", "If you were rich, you would go."),
    ],
)
def test_only_the_person_changes_and_to_be_with_it(said: str, third: str, second: str) -> None:
    assert (retelling(said, THIRD), retelling(said, SECOND)) == (third, second)


@pytest.mark.parametrize(
    "said",
    [
        "They moved to Leeds.",  # somebody else
        "I told them about my job.",
        "She said, I am tired.",  # her words
        "She said I was late.",
        "Told Sarah I was late.",
        'I read "I am the walrus" aloud.',
        "He was like, I am off.",
        "We went to the lake and I swam.",  # "they" would be two
        "World War I ended.",
        "I walked to the mine.",
        "Let's go home.",
        "Ben and I hurt ourselves.",
        "Plan B, then plan I.",
    ],
)
def test_what_leaves_a_doubt_is_not_retold(said: str) -> None:
    assert retelling(said, THIRD) is None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("I had dinner and I was happy.", "Maya had dinner and they were happy."),
        ("Ben called me about my car.", "Ben called Maya about their car."),
        ("My car was stolen.", "Maya's car was stolen."),
        ("I walked home.", "Maya walked home."),
        ("I think of Leeds.", "They think of Leeds."),  # "Maya think" is no English
        ("I need a walk.", "They need a walk."),
        ("I put it there.", "They put it there."),
        ("We went to the lake and I swam.", "They went to the lake and Maya swam."),
        ("I swam and we ate and I slept.", None),
    ],
)
def test_the_speaker_is_named_where_the_verb_allows(said: str, told: str | None) -> None:
    assert retelling(said, THIRD, "Maya") == told


def entry(text: str) -> Entry:
    return compose(heard(text))


def texts(told: Entry) -> list[str]:
    return [sentence.text for sentence in told.sentences]


def test_what_is_not_retold_stands_in_quotation_marks_with_its_proof() -> None:
    before = entry("I walked to Leeds with Ben. They were closed, and I was sad.")
    after = retold(before, THIRD)

    assert texts(after) == ["They walked to Leeds with Ben.", "\u201cThey were closed, and I was sad.\u201d"]
    assert [one.citations for one in after.sentences] == [one.citations for one in before.sentences]
    assert after.action_items == before.action_items


@pytest.mark.parametrize("more", ["Then I met Maya at the station.", "Anna was there and she laughed a lot."])
def test_a_name_that_could_be_somebody_else_s_is_not_used(more: str) -> None:
    assert texts(retold(entry(f"I walked to Leeds with Ben. {more}"), THIRD, "Maya"))[0] == "They walked to Leeds with Ben."
    assert texts(retold(entry("I walked to Leeds with Ben."), THIRD, "Maya")) == ["Maya walked to Leeds with Ben."]


def test_what_the_owner_wrote_stays_and_other_languages_say_that_they_cannot_be_retold() -> None:
    before = entry("I walked to Leeds with Ben.")
    own = replace(before, sentences=tuple(replace(one, edited=True) for one in before.sentences))

    assert texts(retold(own, THIRD)) == texts(before)
    german = retold(replace(before, language="de"), THIRD)
    assert (texts(german), german.notes[-1]) == (texts(before), NOT_ENGLISH)


WORDS = st.sampled_from(
    sorted(
        words("""
    I i I'm I've I'd me my mine myself we us our they them you she was am were said told and not never Ben garden, home. It. US
    """)
    )
)


@given(said=st.lists(WORDS, max_size=12).map(" ".join), third=st.booleans(), name=st.sampled_from(["", "Maya"]))
def test_word_for_word_it_is_the_same_sentence(said: str, *, third: bool, name: str) -> None:
    told = retelling(said, THIRD if third else SECOND, name)
    if told is None:
        return
    first = FIRST_SINGULAR.keys() | FIRST_PLURAL.keys()
    for before, after in zip(said.split(), told.split(), strict=True):
        if before != after:
            assert before.lower().strip(".,").partition("'")[0] in first | {"am", "was"}
    assert not (first - {"us"}) & {word.strip(".,") for word in told.lower().split()}
