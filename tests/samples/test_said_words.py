from itertools import pairwise

import numpy as np
import pytest

from spoken import SAMPLE_RATE, speak

pytestmark = pytest.mark.slow
TEXTS = ("In the afternoon I didn't read, I slept.", "Stop!", "Nobody told Martin. He was asleep on the sofa.")


def test_each_word_has_its_time_in_its_phrase() -> None:
    speech = speak(TEXTS, (0.5, 1.5, 0.5))
    for phrase in speech.phrases:
        words = phrase.words
        assert [word.text for word in words] == phrase.text.split()
        assert (words[0].start, words[-1].end) == (phrase.start, phrase.end)
        assert all(word.start <= word.end for word in words)
        assert all(left.start < right.start for left, right in pairwise(words))


def test_words_sound_when_they_are_said_to() -> None:
    speech = speak(TEXTS, (0.5, 1.5, 0.5))

    def loudness(start: float, end: float) -> float:
        return float(np.sqrt(np.mean(np.square(speech.samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]))))

    words = {word.text: word for phrase in speech.phrases for word in phrase.words}
    # "Martin." is followed by the pause between two sentences that the voice makes by itself.
    assert loudness(words["Martin."].end + 0.05, words["He"].start - 0.05) < loudness(words["He"].start, words["He"].end) / 10
    # An "s" is mostly high in pitch, and what is before it in "I slept" is not.
    start = words["slept."].start
    hisses = [
        high_share(speech.samples[round((start + at) * SAMPLE_RATE) :][: round(0.02 * SAMPLE_RATE)]) > 0.5 for at in (-0.06, 0.03)
    ]
    assert hisses == [False, True]


def high_share(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    """The part of the power above 3 kHz."""
    power = np.square(np.abs(np.fft.rfft(samples)))
    return float(power[round(3000 / SAMPLE_RATE * len(samples)) :].sum() / power.sum())
