"""The mood follows the speaker's feelings and shows the sentences that caused it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from diarist.diary.compose import compose
from diarist.domain.diary import Mood
from heard import heard


def _mood(text: str) -> Mood:
    mood = compose(heard(text)).mood
    assert mood is not None
    return mood


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("We sat by the river and I was so happy. I love the place. The train left at ten.", "positive"),
        ("I'm so angry. I hate the garage and I feel like an idiot. The car is blue.", "negative"),
        ("I was so proud of her and so happy. Then I lost my temper and I hated it, it was awful.", "mixed"),
        ("The train left at ten. We walked to the station. The platform is on the left side.", "neutral"),
        ("Um, like, okay, so, yeah, I went, like, to the shop and, like, bought, like, bread.", "neutral"),
    ],
)
def test_the_label_says_what_the_words_say(said: str, label: str) -> None:
    assert _mood(said).label == label


def test_the_sentences_that_caused_the_mood_are_cited_in_order() -> None:
    mood = _mood("I was so happy today. The train left at ten. I love this town.")

    assert [citation.quote for citation in mood.citations] == ["I was so happy today.", "I love this town."]
    assert mood.valence > 0
    assert mood.arousal is None


def test_a_neutral_recital_cites_nothing() -> None:
    assert _mood("The train left at ten. We walked to the station.").citations == ()


def test_what_the_talk_is_about_is_no_feeling() -> None:
    assert _mood("Artificial intelligence was the subject. We shared a desk in an intelligent building.").label == "neutral"


def test_the_word_list_is_read_when_first_needed_and_brings_no_network_with_it() -> None:
    code = (
        "import sys; import diarist.diary.compose; assert 'vaderSentiment' not in sys.modules;"
        "from diarist.diary.mood import _analyzer; _analyzer();"
        "assert not {'requests', 'numpy', 'urllib3'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
