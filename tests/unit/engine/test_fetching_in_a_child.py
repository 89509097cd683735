"""A child that fetches a model for long is not taken for one that hangs."""

from __future__ import annotations

from pathlib import Path

import pytest

from diarist.child.process import ChildProcess
from fake_hub import fake_hub

pytestmark = pytest.mark.slow

FILES = {"config.json": b"{}", "model.bin": b"weights"}
PATIENCE = 2.0


async def test_a_fetch_may_take_longer_than_the_patience_with_a_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fake_hub({"someone/whisper": FILES}, slowness=2 * PATIENCE) as endpoint:
        for name, value in (("HF_ENDPOINT", endpoint), ("HF_HUB_DISABLE_XET", "1"), ("PYTHONPATH", str(Path(__file__).parent))):
            monkeypatch.setenv(name, value)
        child = ChildProcess("fetching_handlers:open_handler", {})
        try:
            assert [message async for message in child.call("be there", {})] == []
            asked = {"repository": "someone/whisper", "models_dir": str(tmp_path)}
            (answer,) = [message.body async for message in child.call("fetch", asked, patience=PATIENCE)]
        finally:
            await child.close()
    assert (Path(answer["path"]) / "model.bin").read_bytes() == FILES["model.bin"]
