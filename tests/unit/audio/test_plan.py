import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from subprocess import run

import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.audio.decode import decode
from diarist.audio.flac import flac_samples, to_pcm
from diarist.audio.frames import FRAME
from diarist.audio.plan import plan
from diarist.audio.progress import PlanProgress
from diarist.audio.speech import SpeechDetector
from diarist.audio.track import open_track
from diarist.domain.audio import PlannedChunk, PlanSummary, Span
from diarist.errors import NoSamples
from made_audio import beep, keep, noise, write_audio

MEMO = Path(__file__).parents[3] / "samples" / "tuesday_evening.opus"
REAL_SPEECH = os.environ.get("DIARIST_SPEECH_DIR")


@cache
def memo() -> NDArray[np.float32]:
    with open_track(MEMO) as track:
        return np.concatenate(list(decode(track)))


def planned(path: Path, target: float, resume_from: tuple[int, float] | None = None) -> list[tuple[PlannedChunk, bytes]]:
    return [item for item in plan(path, target=target, resume_from=resume_from) if isinstance(item, tuple)]


def summary(path: Path, target: float = 300.0, resume_from: tuple[int, float] | None = None) -> PlanSummary:
    *_, last = plan(path, target=target, resume_from=resume_from)
    assert isinstance(last, PlanSummary)
    return last


def spoken(path: Path, target: float = 300.0) -> list[Span]:
    """Where speech is, in seconds of the recording."""
    return [Span(chunk.start + span.start, chunk.start + span.end) for chunk, _ in planned(path, target) for span in chunk.speech]


def write_wav(path: Path, *parts: Sequence[float] | NDArray[np.float32]) -> Path:
    return write_audio(path, np.concatenate([np.asarray(part, np.float32) for part in parts]), 16_000, "pcm_s16le")


def silence(seconds: float) -> NDArray[np.float32]:
    return np.zeros(round(seconds * 16_000), np.float32)


def test_the_chunks_are_the_recording() -> None:
    chunks = planned(MEMO, 12.0)
    assert [chunk.index for chunk, _ in chunks] == list(range(len(chunks)))
    assert chunks[0][0].start == 0
    assert all(before.end == after.start for (before, _), (after, _) in pairwise(chunks))
    sound = np.concatenate([flac_samples(flac) for _, flac in chunks])
    assert np.array_equal(to_pcm(sound), to_pcm(memo()))
    assert all(round(chunk.duration * 16_000) == len(flac_samples(flac)) for chunk, flac in chunks)


def test_chunks_are_near_the_target_and_cut_where_nobody_speaks() -> None:
    chunks = [chunk for chunk, _ in planned(MEMO, 12.0)]
    # Those before the last share out what is left, and may be a little shorter.
    assert all(0.48 * 12 <= chunk.duration <= 1.2 * 12 for chunk in chunks[:-1])
    assert chunks[0].duration >= 0.8 * 12
    for chunk in chunks[:-1]:
        around = memo()[round((chunk.end - 0.05) * 16_000) : round((chunk.end + 0.05) * 16_000)]
        assert np.abs(around).max() < 0.05, chunk.end


@pytest.mark.parametrize("target", [pytest.param(10.0, marks=pytest.mark.slow), 25.0])
def test_a_plan_resumed_at_any_cut_is_the_same_to_the_byte(target: float) -> None:
    through = planned(MEMO, target)
    assert len(through) > 2
    for done, (last, _) in enumerate(through, 1):
        assert planned(MEMO, target, (done, last.end)) == through[done:]


def test_the_summary_of_a_resumed_plan_is_of_the_whole_recording_but_for_its_speech() -> None:
    through = planned(MEMO, 20.0)
    whole, rest = summary(MEMO, 20.0), summary(MEMO, 20.0, (2, through[1][0].end))
    assert (rest.duration, rest.peak, rest.loudness_dbfs) == (whole.duration, whole.peak, whole.loudness_dbfs)
    spoken_before = sum(span.duration for chunk, _ in through[:2] for span in chunk.speech)
    assert rest.speech_seconds == pytest.approx(whole.speech_seconds - spoken_before)


def test_the_first_chunk_comes_early(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "long.wav", *[memo(), silence(3.0)] * 3)
    first, *_ = (chunk for chunk, _ in planned(path, 100.0))
    assert 48 <= first.duration <= 72


def test_what_is_left_is_shared_out_evenly(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "long.wav", *[memo(), silence(3.0)] * 5)
    first, *rest = (chunk.duration for chunk, _ in planned(path, 100.0))
    assert len(rest) == round(sum(rest) / 100.0)
    assert min(rest) > 50.0, "a scrap"
    assert first + sum(rest) == pytest.approx(summary(path).duration)


def test_speech_is_kept_and_silence_is_not(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", silence(20.0), memo(), silence(20.0))
    spans = spoken(path)
    end = 20 + len(memo()) / 16_000
    assert 18.5 < spans[0].start < 20.5
    assert end - 1.5 < spans[-1].end < end + 2.5
    assert sum(span.duration for span in spans) > 0.9 * len(memo()) / 16_000


def test_a_whispered_recording_keeps_its_speech(tmp_path: Path) -> None:
    loud = spoken(write_wav(tmp_path / "loud.wav", silence(5.0), memo(), silence(5.0)))
    quiet = spoken(write_wav(tmp_path / "quiet.wav", silence(5.0), memo() * np.float32(0.01), silence(5.0)))
    assert sum(s.duration for s in quiet) == pytest.approx(sum(s.duration for s in loud), rel=0.05)
    assert quiet[0].start == pytest.approx(loud[0].start, abs=0.5)
    assert quiet[-1].end == pytest.approx(loud[-1].end, abs=0.5)


def test_a_chunk_begins_with_ears_that_know_the_room(tmp_path: Path) -> None:
    """Begun cold, the detector takes this throbbing tone for voice, as at the start of the recording."""
    times = np.arange(130 * 16_000) / 16_000
    throb = 0.2 * np.sin(2 * np.pi * 300 * times) * (1 + np.sin(2 * np.pi * 3 * times)) + noise(130.0, dbfs=-34)
    path = write_wav(tmp_path / "a.wav", throb)
    first, *others = (chunk for chunk, _ in planned(path, 20.0))
    assert first.speech, "else this test proves nothing"
    # Now and then a cut falls on a moment of the tone that deceives it all the same.
    assert sum(bool(chunk.speech) for chunk in others) <= 1 < len(others) - 5


def test_progress_is_told_while_decoding(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", noise(200.0))
    told = [item for item in plan(path, target=300.0) if isinstance(item, PlanProgress)]
    assert len(told) == 6
    assert all(later.decoded_seconds - sooner.decoded_seconds >= 30 for sooner, later in pairwise(told))
    assert {item.expected_seconds for item in told} == {200.0}


def test_chunks_come_while_the_rest_is_not_decoded_yet(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", noise(100.0))
    items = plan(path, target=10.0)
    decoded = 0.0
    for item in items:
        if isinstance(item, PlanProgress):
            decoded = item.decoded_seconds
        if isinstance(item, tuple) and item[0].index == 2:
            break
    assert decoded < 60
    items.close()


def test_the_levels_are_those_of_the_recording(tmp_path: Path) -> None:
    found = summary(write_wav(tmp_path / "a.wav", beep(10.0, 16_000, amplitude=0.5)))
    assert found.duration == 10.0
    assert found.peak == pytest.approx(0.5, abs=0.01)
    assert found.loudness_dbfs == pytest.approx(-9.03, abs=0.05)
    assert found.warnings == ()
    assert summary(write_wav(tmp_path / "b.wav", silence(10.0))).loudness_dbfs is None


def test_a_clip_of_two_seconds_is_one_chunk(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", memo()[: 2 * 16_000])
    ((chunk, _),) = planned(path, 300.0)
    assert (chunk.start, chunk.end) == (0.0, 2.0)
    assert chunk.speech


def test_a_file_that_was_cut_off_is_planned_as_far_as_it_goes(tmp_path: Path) -> None:
    path = keep(write_wav(tmp_path / "a.wav", memo()), 0.5)
    assert [notice.code for notice in summary(path).warnings] == ["truncated_audio"]
    assert summary(path).duration == pytest.approx(len(memo()) / 32_000, abs=0.1)


def test_a_recording_without_a_sample_is_refused(tmp_path: Path) -> None:
    path = write_audio(tmp_path / "a.flac", silence(0.0), 16_000, "flac")
    with pytest.raises(NoSamples):
        planned(path, 300.0)


@pytest.mark.slow
@pytest.mark.parametrize("sound", ["silence", "white", "pink", "brown"])
def test_twenty_minutes_of_nothing_hold_no_speech(tmp_path: Path, sound: str) -> None:
    nothing = silence(1200.0) if sound == "silence" else noise(1200.0, colour=["white", "pink", "brown"].index(sound), dbfs=-25)
    assert spoken(write_wav(tmp_path / "a.wav", nothing)) == []


@pytest.mark.slow
@pytest.mark.skipif(not REAL_SPEECH, reason="DIARIST_SPEECH_DIR names no folder of real speech")
@pytest.mark.parametrize("target", [10.0, 300.0])
def test_what_faster_whisper_keeps_of_real_speech_and_we_do_not_is_silence(target: float) -> None:
    for path in real_recordings():
        with open_track(path) as track:
            samples = np.concatenate(list(decode(track)))
        voice = probabilities(samples)
        kept = np.zeros(len(samples), bool)
        for start, end in theirs(samples):
            if end - start > 0.85 * 16_000:  # else it is a single frame and its padding
                kept[start:end] = True
        for span in spoken(path, target):
            kept[round(span.start * 16_000) : round(span.end * 16_000)] = False
        assert voice[np.unique(np.flatnonzero(kept) // FRAME)].max(initial=0) < 0.1, path.name


def probabilities(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    detector = SpeechDetector()
    return np.concatenate((detector.hear(samples), detector.finish()))


def real_recordings() -> Iterator[Path]:
    for path in sorted(Path(REAL_SPEECH or "").iterdir()):
        if path.suffix in {".wav", ".flac", ".mp3", ".aiff"}:
            yield path


def theirs(samples: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Samples of speech as faster-whisper sees it; in a process of its own, since it loads a whole engine."""
    code = (
        "import sys, numpy; from faster_whisper.vad import get_speech_timestamps as find;"
        "samples = numpy.frombuffer(sys.stdin.buffer.read(), 'f4').copy();"
        "print(*(edge for span in find(samples) for edge in (span['start'], span['end'])))"
    )
    answer = run([sys.executable, "-c", code], input=samples.tobytes(), capture_output=True, check=True).stdout
    edges = [int(edge) for edge in answer.split()]
    return list(zip(edges[::2], edges[1::2], strict=True))
