import signal
import subprocess
import sys
from pathlib import Path

import pytest

from diarist.errors import StorageFull
from diarist.storage.scratch import Scratch

_HOLDER = """
import sys, time
from pathlib import Path
from diarist.storage.scratch import Scratch
with Scratch(Path(sys.argv[1])).file(5) as (path, file):
    file.write(b"12345")
    file.flush()
    print(path, flush=True)
    time.sleep(60)
"""


def test_a_file_lives_as_long_as_it_is_needed(tmp_path: Path) -> None:
    with Scratch(tmp_path / "scratch").file(3) as (path, file):
        file.write(b"abc")
        file.flush()
        assert path.read_bytes() == b"abc"
        assert path.stat().st_mode & 0o777 == 0o600
    assert list((tmp_path / "scratch").iterdir()) == []


def test_what_a_killed_process_left_is_swept_and_what_others_use_is_not(tmp_path: Path) -> None:
    holders = [subprocess.Popen([sys.executable, "-c", _HOLDER, tmp_path], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        dead, alive = (Path(holder.stdout.readline().strip()) for holder in holders if holder.stdout)
        holders[0].send_signal(signal.SIGKILL)
        holders[0].wait(10)
        assert dead.exists()
        with Scratch(tmp_path).file(0) as (path, _):
            assert set(tmp_path.iterdir()) == {alive, path}
            with Scratch(tmp_path).file(0):
                assert path.exists()
    finally:
        for holder in holders:
            holder.kill()
            holder.communicate()


def test_a_copy_that_has_no_room_is_not_begun(tmp_path: Path) -> None:
    with pytest.raises(StorageFull, match="no room"), Scratch(tmp_path).file(1 << 60):
        pytest.fail("it was begun")
    assert list(tmp_path.iterdir()) == []
