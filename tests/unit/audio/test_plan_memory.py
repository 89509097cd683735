"""Memory does not grow with the length of a recording."""

import sys
from pathlib import Path
from subprocess import run

import av
import numpy as np
import pytest

from made_audio import noise

PLAN = r"""
import re, sys
from pathlib import Path
from diarist.audio.plan import plan
for item in plan(Path(sys.argv[1]), target=300.0):
    pass
print(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1])
"""


def peak_bytes(path: Path) -> int:
    """Of a process that plans the file. Not `ru_maxrss`, which is born with the peak of the process that started it."""
    return 1024 * int(run([sys.executable, "-c", PLAN, str(path)], capture_output=True, check=True).stdout)


def write_long(path: Path, minutes: int) -> Path:
    """Noise of a minute, again and again, never whole in memory."""
    minute = (noise(60.0, rate=44_100) * 32_768).astype(np.int16)[np.newaxis]
    with av.open(path, "w") as file:
        stream = file.add_stream("pcm_s16le", rate=44_100, layout="mono")
        for number in range(minutes):
            frame = av.AudioFrame.from_ndarray(minute, format="s16", layout="mono")
            frame.sample_rate, frame.pts = 44_100, number * minute.shape[1]
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="/proc is of Linux")
def test_an_hour_takes_no_more_memory_than_ten_minutes(tmp_path: Path) -> None:
    short, long = (peak_bytes(write_long(tmp_path / f"{minutes}.wav", minutes)) for minutes in (10, 60))
    assert long < 1.15 * short
    assert long < 200 * 1024**2
