"""A smaller `make chaos-diary`: providers fail in turns, workers die, and every memo has its entry, paid for once."""

from pathlib import Path

import pytest

from chaos.diary.run import prove
from chaos.diary.shape import SHORT


@pytest.mark.heavy
@pytest.mark.timeout(580)
def test_no_entry_is_lost_and_no_answer_asked_for_twice(tmp_path: Path) -> None:
    proof = prove(tmp_path, SHORT)
    assert not proof.missed, "\n".join(map(str, proof.missed))
