"""How loud each second is."""

import numpy as np

from diarist.audio.flac import to_pcm
from diarist.audio.level import levels
from made_audio import beep, noise


def test_each_second_has_its_level_the_last_as_far_as_it_goes() -> None:
    sound = np.concatenate([noise(2, dbfs=-30), np.zeros(16_000, np.float32), beep(0.5, 16_000, amplitude=1.0)])
    assert levels(to_pcm(sound)) == (-30, -30, -120, -3)


def test_nothing_has_no_level() -> None:
    assert levels(np.zeros(0, np.int16)) == ()
