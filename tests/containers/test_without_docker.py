"""Where there is no Docker nothing is proven, and `make docker-e2e` says so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from containers import run
from containers.engine import COULD_NOT_RUN


@pytest.mark.parametrize("docker", ["no-such-program", "false"], ids=["not installed", "does not answer"])
def test_it_is_neither_proof_nor_failure(
    docker: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER", docker)
    monkeypatch.setattr(sys, "argv", ["run", "--keep", str(tmp_path)])
    assert run.main() == COULD_NOT_RUN
    assert "Not run, and nothing proven: Docker" in capsys.readouterr().err
