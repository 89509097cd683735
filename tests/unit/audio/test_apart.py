"""Who speaks in which channel: judged by sound alone, and never by what ordinary stereo does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from diarist.audio.apart import Apart, apart
from diarist.audio.flac import from_pcm, to_pcm
from diarist.audio.frames import FRAME
from two_voices import bled

FRAMES = 400
"""12.8 s."""
VOICED = [1.0] * FRAMES


def voice(*turns: tuple[int, int], level: float = 0.1, seed: int = 0) -> NDArray[np.float32]:
    """Noise as loud as a voice in these frames, silence elsewhere."""
    sound = np.zeros(FRAMES * FRAME, np.float32)
    noise = np.random.default_rng(seed).normal(0.0, level, len(sound)).astype(np.float32)
    for first, end in turns:
        sound[first * FRAME : end * FRAME] = noise[first * FRAME : end * FRAME]
    return sound


LEFT = voice((0, 100), (200, 300), seed=1)
RIGHT = voice((100, 200), (290, 400), seed=2)


def judged(left: NDArray[np.float32], right: NDArray[np.float32], probabilities: list[float] = VOICED) -> Apart | int | None:
    return apart(np.stack((to_pcm(left), to_pcm(right))), probabilities)


@pytest.mark.parametrize("decibels", [14.0, 20.0, 40.0])
def test_two_that_take_turns_are_apart_even_where_each_is_heard_in_the_channel_of_the_other(decibels: float) -> None:
    sides = bled(np.stack((LEFT, RIGHT)), decibels)
    found = judged(*sides)
    assert isinstance(found, Apart)
    pcm = np.stack([to_pcm(side) for side in sides])
    own = from_pcm(found.sound(pcm, 0))
    # What is the other's alone is gone; where both speak, and where one does, nothing is.
    assert not own[110 * FRAME : 190 * FRAME].any()
    assert np.array_equal(own[210 * FRAME : 298 * FRAME], from_pcm(pcm[0])[210 * FRAME : 298 * FRAME])


def test_a_quiet_answer_is_the_voice_of_its_channel_where_nothing_sounds_over() -> None:
    found = judged(LEFT, RIGHT + voice((20, 40), level=0.004, seed=3))
    assert isinstance(found, Apart)
    assert found.own[1, 22:38].all()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(LEFT, LEFT, id="dual mono"),
        pytest.param(LEFT, -LEFT, id="one wired the wrong way round"),
        pytest.param(LEFT + 0.4 * RIGHT, RIGHT + 0.4 * LEFT, id="two before a stereo microphone"),
        pytest.param(LEFT + RIGHT, 0.5 * (LEFT + RIGHT), id="one side quieter"),
        pytest.param(LEFT * 0, RIGHT * 0, id="silence"),
        pytest.param(LEFT + voice((0, 400), seed=4), RIGHT + voice((0, 400), seed=4), id="music on both sides"),
    ],
)
def test_ordinary_stereo_is_not_taken_apart(left: NDArray[np.float32], right: NDArray[np.float32]) -> None:
    assert judged(left, right) is None


@pytest.mark.parametrize("channel", [0, 1])
def test_a_single_voice_is_in_its_channel_and_a_knock_in_the_other_is_no_voice(channel: int) -> None:
    sides = [voice((0, 400), seed=5), voice((50, 60), level=0.5, seed=6)]
    assert judged(sides[channel], sides[1 - channel]) == channel


def test_nothing_is_told_of_what_holds_no_voice() -> None:
    assert judged(LEFT, RIGHT, [0.1] * FRAMES) is None
    assert judged(LEFT[: 10 * FRAME], RIGHT[: 10 * FRAME], [1.0] * 10) is None


@given(st.integers(0, 20), st.integers(1, FRAME), st.integers(0, 2**16))
def test_whatever_is_heard_the_sound_of_a_channel_is_as_long_as_it_was(frames: int, rest: int, seed: int) -> None:
    numbers = np.random.default_rng(seed)
    samples = 100 * FRAME + frames * FRAME + rest
    sides = numbers.integers(-3000, 3000, (2, samples)).astype(np.int16)
    sides[0, : samples // 2], sides[1, samples // 2 :] = 0, 0
    found = apart(sides, [1.0] * (100 + frames + 1))
    assert isinstance(found, Apart)
    for channel in range(2):
        assert found.sound(sides, channel).shape == (samples,)
    # Each frame belongs to one at least: nothing that the mix holds is lost.
    assert found.own.any(axis=0).all()
    assert found.louder.any(axis=0).all()
