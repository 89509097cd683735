from pathlib import Path

import numpy as np
import pytest

from bad_filters import BAD, install_filters
from diarist.audio.filtering import filtered, sound_filter
from diarist.audio.flac import flac_samples, to_pcm
from diarist.audio.plan import plan
from diarist.domain.audio import PlannedChunk
from diarist.errors import Misconfigured
from made_audio import noise, write_audio
from spoken import speak
from two_voices import side_by_side

MEMO = Path(__file__).parents[3] / "samples" / "tuesday_evening.opus"


@pytest.fixture(autouse=True)
def bad_filters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(install_filters(tmp_path))


def planned(path: Path, name: str, resume_from: tuple[int, float] | None = None) -> list[tuple[PlannedChunk, bytes]]:
    items = plan(path, target=20.0, resume_from=resume_from, filter_name=name)
    return [item for item in items if isinstance(item, tuple)]


@pytest.mark.parametrize("name", BAD)
def test_whatever_a_filter_does_the_sound_is_kept_and_the_reason_told(name: str) -> None:
    pcm = to_pcm(noise(3.0))
    with sound_filter(name) as chosen:
        sound, failure = filtered(chosen, pcm, spoken=True)
    assert np.array_equal(sound, pcm)
    assert failure
    assert len(failure) <= 200


def test_the_reason_names_what_was_raised() -> None:
    with sound_filter("failing") as chosen:
        assert filtered(chosen, to_pcm(noise(1.0)), spoken=True)[1] == "it failed with ValueError: no noise profile"


def test_a_chunk_without_a_voice_may_become_silent() -> None:
    with sound_filter("mute") as chosen:
        sound, failure = filtered(chosen, to_pcm(noise(1.0)), spoken=False)
    assert not sound.any()
    assert not failure


def test_silence_is_no_failure() -> None:
    with sound_filter("mute") as chosen:
        assert filtered(chosen, np.zeros(16_000, np.int16), spoken=True)[1] == ""


def test_without_a_name_nothing_happens() -> None:
    pcm = to_pcm(noise(1.0))
    with sound_filter("") as chosen:
        assert filtered(chosen, pcm, spoken=True) == (pcm, "")


def test_a_filter_that_is_not_there_is_refused_before_anything_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="'parrot'"):
        planned(tmp_path / "nothing.wav", "parrot")


def test_a_filter_that_keeps_all_changes_nothing() -> None:
    assert planned(MEMO, "keeping") == planned(MEMO, "")


def test_chunks_are_cut_and_judged_in_the_sound_as_it_was_recorded() -> None:
    clean, recorded = planned(MEMO, "afftdn"), planned(MEMO, "")
    assert [chunk for chunk, _ in clean] == [chunk for chunk, _ in recorded]
    for (_, after), (_, before) in zip(clean, recorded, strict=True):
        assert len(flac_samples(after)) == len(flac_samples(before))
        assert after != before


def test_a_plan_resumed_at_any_cut_is_the_same_to_the_byte() -> None:
    through = planned(MEMO, "afftdn")
    assert len(through) > 1
    for done, (last, _) in enumerate(through, 1):
        assert planned(MEMO, "afftdn", (done, last.end)) == through[done:]


@pytest.mark.parametrize("name", ["failing", "short"])
def test_a_filter_that_fails_costs_nothing_but_says_so_in_each_chunk(name: str) -> None:
    bad, recorded = planned(MEMO, name), planned(MEMO, "")
    assert [flac for _, flac in bad] == [flac for _, flac in recorded]
    assert all(chunk.filter_failure for chunk, _ in bad)


def test_voices_kept_apart_are_filtered_too_and_stay_where_they_are(tmp_path: Path) -> None:
    left = speak(("I had promised my brother to bring the maps.",), 1.5)
    right = speak(("The ferry left at seven, an hour late.",), 1.5)
    sides = side_by_side(left, right, 4.0)
    path = write_audio(tmp_path / "a.wav", sides + noise(sides.shape[1] / 16_000, dbfs=-50), 16_000, "pcm_s16le")
    ((chunk, flac),), ((as_recorded, before),) = planned(path, "afftdn"), planned(path, "")
    assert all(chunk.channels)
    assert chunk == as_recorded
    clean, sound = flac_samples(flac), flac_samples(before)
    assert len(clean) == len(sound)
    assert np.corrcoef(clean, sound)[0, 1] > 0.95
    assert not np.array_equal(clean, sound)
