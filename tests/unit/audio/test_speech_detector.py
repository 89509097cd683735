import sys
from functools import cache
from pathlib import Path
from subprocess import run

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from diarist.audio.decode import decode
from diarist.audio.frames import FRAME
from diarist.audio.speech import SpeechDetector
from diarist.audio.track import open_track
from diarist.audio.voice_network import in_onnxruntime
from made_audio import beep, noise

MEMO = Path(__file__).parents[3] / "samples" / "tuesday_evening.opus"


@cache
def memo() -> NDArray[np.float32]:
    with open_track(MEMO) as track:
        return np.concatenate(list(decode(track)))[: 20 * 16_000 + 77]


@cache
def heard_at_once() -> NDArray[np.float32]:
    return probabilities(memo())


def probabilities(samples: NDArray[np.float32], *cuts: int) -> NDArray[np.float32]:
    detector = SpeechDetector()
    heard = [detector.hear(part) for part in np.split(samples, sorted(cuts))]
    return np.concatenate((*heard, detector.finish()))


def test_there_is_one_probability_for_each_frame_begun() -> None:
    assert len(heard_at_once()) == -(-len(memo()) // FRAME)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 20 * 16_000), max_size=40))
def test_it_does_not_matter_how_the_sound_comes_in(cuts: list[int]) -> None:
    assert np.array_equal(probabilities(memo(), *cuts), heard_at_once())


def test_after_a_reset_nothing_is_remembered() -> None:
    detector = SpeechDetector()
    detector.hear(memo())
    detector.reset()
    again = np.concatenate((detector.hear(memo()), detector.finish()))
    assert np.array_equal(again, heard_at_once())


def test_it_hears_what_faster_whisper_hears() -> None:
    """In a process of its own, since faster-whisper loads a whole engine."""
    samples = np.pad(memo(), (0, -len(memo()) % FRAME))
    code = (
        "import sys, numpy; from faster_whisper.vad import get_vad_model;"
        "samples = numpy.frombuffer(sys.stdin.buffer.read(), 'f4').copy();"
        "sys.stdout.buffer.write(get_vad_model()(samples).astype('f4').tobytes())"
    )
    answer = run([sys.executable, "-c", code], input=samples.tobytes(), capture_output=True, check=True).stdout
    theirs = np.frombuffer(answer, np.float32)
    assert agree(theirs[:-1], heard_at_once()[:-1]), "the last frame of theirs loses its last samples"
    exact = SpeechDetector(in_onnxruntime()).hear(samples)
    assert np.abs(theirs[: len(exact)] - exact).max() < 1e-4, "not even in full precision"


def test_without_openvino_the_same_is_heard() -> None:
    detector = SpeechDetector(in_onnxruntime())
    slowly = np.concatenate((detector.hear(memo()), detector.finish()))
    assert agree(slowly, heard_at_once())


def agree(exact: NDArray[np.float32], ours: NDArray[np.float32]) -> bool:
    """In half precision some frames are judged otherwise."""
    same = (exact >= 0.5) == (ours >= 0.5)
    return bool(same.mean() >= 0.995 and np.abs(exact - ours).max() < 0.1 and np.abs(exact - ours).mean() < 0.003)


def test_a_voice_is_heard_however_quiet() -> None:
    loud = heard_at_once() >= 0.5
    assert loud.mean() > 0.5
    quiet = probabilities(memo() * np.float32(0.01)) >= 0.5
    assert (quiet & loud).sum() > 0.9 * loud.sum()


@pytest.mark.parametrize("colour", [0, 1, 2], ids=["white", "pink", "brown"])
@pytest.mark.parametrize("dbfs", [-60, -30, -20])
def test_noise_is_no_voice(colour: int, dbfs: float) -> None:
    assert probabilities(noise(60.0, colour=colour, dbfs=dbfs)).max() < 0.5


def test_silence_and_hum_are_no_voice() -> None:
    hum = beep(30.0, 16_000, hz=50) + beep(30.0, 16_000, hz=150, amplitude=0.2)
    assert probabilities(hum).max() < 0.5
    assert probabilities(np.zeros(30 * 16_000, np.float32)).max() < 0.1


def test_the_detector_does_not_load_an_engine() -> None:
    code = "import sys, diarist.audio.speech as s; s.SpeechDetector(); sys.exit('ctranslate2' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
