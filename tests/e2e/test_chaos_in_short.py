"""A smaller `make chaos`: a fleet is killed in most of the ways we know, and nothing is lost or done twice."""

from pathlib import Path

import pytest

from chaos.run import prove
from chaos.shape import SHORT


@pytest.mark.heavy
def test_nothing_is_lost_whatever_dies(tmp_path: Path) -> None:
    proof = prove(tmp_path, SHORT)
    assert not proof.missed, "\n".join(map(str, (*proof.missed, *proof.happened)))
