"""A commitment is the speaker's own, present, meant and not taken back."""

from __future__ import annotations

import pytest

from diarist.diary.compose import compose
from diarist.domain.diary import ActionItem
from heard import heard


def _items(text: str) -> list[tuple[str, str | None]]:
    return [(item.text, item.due) for item in compose(heard(text)).action_items]


@pytest.mark.parametrize(
    ("said", "text", "due"),
    [
        ("I need to call the dentist by Thursday.", "Call the dentist by Thursday", "by Thursday"),
        ("I've got to renew my pass by the end of May.", "Renew my pass by the end of May", "by the end of May"),
        ("Remind me to send Carol a card tomorrow morning.", "Send Carol a card tomorrow morning", "tomorrow morning"),
        ("Don't forget to water the plants.", "Water the plants", None),
        ("Don't let me forget to cancel the membership before March.", "Cancel the membership before March", "before March"),
        ("I promised to send the timeline by Wednesday noon.", "Send the timeline by Wednesday noon", "by Wednesday noon"),
        ("On Monday I have to see the accountant.", "See the accountant", "On Monday"),
        ("I'll open the pull request tonight.", "Open the pull request tonight", "tonight"),
        ("I'm gonna order the felt in two days.", "Order the felt in two days", "in two days"),
        ("We should ask legal about the contracts.", "Ask legal about the contracts", None),
        ("I should probably clean the gutters before it rains.", "Probably clean the gutters before it rains", "before it rains"),
        ("I think I need to buy new shoes.", "I think I need to buy new shoes", None),
        ("I told Anna I'd fix her bike on Saturday.", "Fix her bike on Saturday", "on Saturday"),
        ("It starts at five, so I must leave at half past four.", "Leave at half past four", "at half past four"),
        ("My boss told me I have to finish the report by Friday.", "Finish the report by Friday", "by Friday"),
        ("I have to ring the ward. First thing tomorrow.", "Ring the ward", "first thing tomorrow"),
        ("I'll call Mr. Lind on Monday.", "Call Mr. Lind on Monday", "on Monday"),
        ("gotta pay the rent by tomorrow.", "Pay the rent by tomorrow", "by tomorrow"),
    ],
)  # fmt: skip
def test_a_commitment_is_found_with_its_due_words(said: str, text: str, due: str | None) -> None:
    assert (text, due) in _items(f"The day was long. {said} Then we ate.")


@pytest.mark.parametrize(
    "said",
    [
        "I had to stay late at work.",
        "I was going to call her but the line was dead.",
        "I don't need to book the dentist anymore.",
        "I won't tell the people at work.",
        "I'm not going to pay the full rent.",
        "I must not merge it before Chen has looked.",
        "I don't think I need to call the bank.",
        "If I have to call the bank I will scream.",
        "If the knee holds, I'll try the long route.",
        "Unless it rains, I'll paint the fence.",
        "I would have to sell the house.",
        "I should have called the bank.",
        "Maybe I should call the bank.",
        "I'm not sure if I have to call the bank.",
        "Should I call the bank?",
        "I have to say the soup was great.",
        "I have to admit I felt sorry for him.",
        "I must be honest with you.",
        "We'll see how the weather turns out.",
        "I'll never understand the man.",
        "I'll miss the sound of the radio.",
        "I'm going to be rich and famous.",
        "I always have to clean the kitchen.",
        "She has to sign the form by Monday.",
        "Tom will write the guide.",
        "He says, I need to find a woman with a red hat.",
        "She was like, I'll bring the cake.",
        "The man said I have to wait outside.",
        'He said, "I need to sell the boat."',
        "And then Pete says, I'll take it. I just need to ask the bank.",
        "He kept saying I have to find the key. I have to find the key.",
        "You need to talk to the manager.",
        "Everything I have to carry is heavy.",
        "When I have to speak I freeze.",
        "I used to think I had to fix the roof.",
        "I want to be more patient.",
        "Let's face it, the plan was bad.",
        "Call me crazy, but I liked the film.",
        "I need to call the plumber, actually no, he is coming anyway.",
        "I have to call the plumber. Actually no, he is coming anyway.",
    ],
)
def test_what_only_sounds_like_a_commitment_is_none(said: str) -> None:
    assert _items(f"The day was long. {said} Then we ate.") == []


def test_a_commitment_that_is_taken_back_later_is_dropped() -> None:
    assert (
        _items("I need to call the insurance company. It rained all day. I don't need to call the insurance company anymore.")
        == []
    )


def test_a_condition_ends_where_the_speaker_turns_away_from_it() -> None:
    assert _items("If it rains we stay at home, but I have to call the bank.") == [("Call the bank", None)]


def test_who_has_not_answered_does_not_speak_next() -> None:
    assert _items("The landlord hasn't answered. I have to call him tomorrow.") == [("Call him tomorrow", "tomorrow")]
    assert _items("The landlord answered. I have to call him tomorrow.") == []


def test_two_deeds_in_one_breath_are_two_items() -> None:
    assert _items("I need to call the dentist by Friday and book the flight to Oslo.") == [
        ("Call the dentist by Friday", "by Friday"),
        ("Book the flight to Oslo", None),
    ]


def test_the_lines_of_a_list_are_commitments_only_in_a_list() -> None:
    alone = "The long journey home took a year. Call the plumber about the tap. It was cold."

    assert _items(alone) == []
    assert _items(f"My list for the weekend. {alone}") == [("Call the plumber about the tap", None)]


def test_the_same_deed_said_twice_is_one_item_with_two_proofs() -> None:
    entry = compose(heard("I need to call the dentist. It rained a lot today. I have to call the dentist by Thursday."))

    (item,) = entry.action_items
    assert item.due == "by Thursday"
    assert [citation.quote for citation in item.citations] == [
        "I need to call the dentist.",
        "I have to call the dentist by Thursday.",
    ]


def test_the_proof_is_the_exact_clause_with_its_own_times() -> None:
    entry = compose(heard("It rained. So I need to, um, call the dentist by Thursday, and then I slept."))

    (item,) = entry.action_items
    assert item == ActionItem(text="Call the dentist by Thursday", due="by Thursday", citations=item.citations)
    (citation,) = item.citations
    assert citation.quote == "I need to, um, call the dentist by Thursday,"
    # "It rained." takes 0.6 s and a pause of 0.5 s, "So" another 0.3 s; the clause has nine words.
    assert citation.start == pytest.approx(1.4)
    assert citation.end == pytest.approx(1.4 + 9 * 0.3)
