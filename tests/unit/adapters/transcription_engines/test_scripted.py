"""The shipped fake does what its script says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from diarist.adapters.transcription_engines.scripted import ScriptedEngine, open_engine
from diarist.domain.audio import Span
from diarist.domain.manner import SpeechTask
from diarist.domain.transcript import Segment
from diarist.errors import EngineCannot, EngineFailed, ModelUnavailable
from diarist.ports.transcription_engine import EngineOptions, Guidance

SAMPLES = np.zeros(20 * 16_000, np.float32)


def scripted(script: str) -> ScriptedEngine:
    return open_engine(EngineOptions(model=script, cache_dir=""))


def hear(engine: ScriptedEngine, *speech: tuple[float, float]) -> list[Segment]:
    spans = [Span(*times) for times in speech or [(1.0, 9.0)]]
    return list(engine.transcribe(SAMPLES, spans).segments)


def test_it_counts_as_long_as_there_is_speech() -> None:
    segments = hear(scripted("auto"), (1.0, 2.2), (4.0, 4.1), (8.0, 14.0))
    assert [segment.text for segment in segments][:2] == ["One two three.", "Four."]
    assert segments[-1].words[-1].text == "one-eight"
    assert [(word.start, word.end) for word in segments[1].words] == [(4.0, 4.1)]


def test_it_says_its_words_once_a_chunk() -> None:
    engine = scripted("say=I came. I saw.; language=fr")
    for _ in range(2):
        assert [segment.text for segment in hear(engine, (0.0, 1.0), (5.0, 10.0))] == ["I came.", "I saw."]
    assert engine.transcribe(SAMPLES, [Span(0, 1)]).language == "fr"
    assert engine.transcribe(SAMPLES, [Span(0, 1)], Guidance(language="de")).language == "de"


def test_it_loops_and_doubts_itself_until_it_is_asked_to_take_care() -> None:
    engine = scripted("loop=and so; belief=0.2; careful=I left.")
    first = hear(engine, (0.0, 2.0), (5.0, 6.0))
    assert [segment.text for segment in first] == ["and so and so and", "so and"]
    assert first[0].probability == first[0].words[0].probability == 0.2
    careful = list(engine.transcribe(SAMPLES, [Span(0.0, 2.0)], Guidance(careful=True)).segments)
    assert [(segment.text, segment.probability) for segment in careful] == [("I left.", 0.99)]


def test_with_care_it_may_hear_nothing() -> None:
    hearing = scripted("careful=").transcribe(SAMPLES, [Span(0.0, 2.0)], Guidance(careful=True))
    assert (hearing.language, list(hearing.segments)) == (None, [])
    assert list(scripted("auto").transcribe(SAMPLES, [Span(0.0, 2.0)], Guidance(careful=True)).segments)


def test_it_speaks_where_nobody_does_if_it_should() -> None:
    engine = scripted("say=I came.; phantom=Thanks for watching!")
    assert [segment.text for segment in hear(engine, (0.0, 1.0), (15.0, 16.0))] == ["I came.", "Thanks for watching!"]
    assert [segment.text for segment in hear(engine, (15.0, 16.0))] == ["Thanks for watching!", "I came."]
    (phantom,) = engine.transcribe(SAMPLES, []).segments
    assert phantom.start == pytest.approx(10.0 - 1.5 * 0.4)


def test_it_fails_as_often_as_it_should() -> None:
    engine = scripted("fail=2;after=1")
    for _ in range(2):
        segments = engine.transcribe(SAMPLES, [Span(0, 10)]).segments
        next(segments)
        with pytest.raises(EngineFailed, match="script"):
            next(segments)
    assert len(hear(engine, (0, 10))) == 2


def test_once_is_once_for_all_processes(tmp_path: Path) -> None:
    script = f"fail=1;once={tmp_path / 'happened'}"
    with pytest.raises(EngineFailed):
        hear(scripted(script))
    assert hear(scripted(script))


def test_it_takes_its_time() -> None:
    before = time.monotonic()
    hear(scripted("speed=40"), (0.0, 8.0))
    assert 0.2 <= time.monotonic() - before < 2


HEAR = """
import sys
import numpy as np
from diarist.adapters.transcription_engines.scripted import open_engine
from diarist.domain.audio import Span
from diarist.ports.transcription_engine import EngineOptions

for segment in open_engine(EngineOptions(model=sys.argv[1], cache_dir="")).transcribe(np.zeros(160000), [Span(0, 10)]).segments:
    print(segment.text, flush=True)
"""


def test_it_dies_by_its_own_hand() -> None:
    done = subprocess.run([sys.executable, "-c", HEAR, "die=1;after=1"], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(done.stdout.splitlines()) == 1


def test_it_hangs_until_it_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", HEAR, "hang=1;after=1"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.2)
        os.kill(process.pid, signal.SIGKILL)
        assert process.stdout.read() == ""


@pytest.mark.parametrize("script", ["speed", "speed=fast", "speed=0", "sing=1", "fail=often"])
def test_a_script_that_means_nothing_is_refused(script: str) -> None:
    with pytest.raises(ModelUnavailable, match="script"):
        scripted(script)


def test_it_translates_if_its_script_has_a_translation() -> None:
    guidance = Guidance(task=SpeechTask.TRANSLATE)
    hearing = scripted("say=Je suis venu.; translate=I came.; language=fr").transcribe(SAMPLES, [Span(0.0, 2.0)], guidance)
    assert (hearing.language, [segment.text for segment in hearing.segments]) == ("fr", ["I came."])
    with pytest.raises(EngineCannot):
        scripted("say=Je suis venu.").transcribe(SAMPLES, [Span(0.0, 2.0)], guidance)


def test_its_words_say_at_which_temperature_they_were_drawn() -> None:
    [segment] = scripted("auto").transcribe(SAMPLES, [Span(0.0, 2.0)], Guidance(temperature=0.3)).segments
    assert segment.temperature == 0.3
