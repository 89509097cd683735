"""`Prefer: wait`, as RFC 7240 writes it."""

from __future__ import annotations

import pytest

from diarist.http.prefer import LONGEST, preferred_wait


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        (["wait=30"], 30.0),
        (["respond-async, wait=10"], 10.0),
        (["respond-async", "Wait = 5"], 5.0),
        (['wait="7"; reason=x'], 7.0),
        (["wait=10, wait=20"], 10.0),
        (["wait=100000"], LONGEST),
        (["wait=0"], 0.0),
        ([], 0.0),
        (["wait"], 0.0),
        (["wait=-1"], 0.0),
        (["wait=1.5"], 0.0),
        (["wait=\u0663"], 0.0),
        (["return=minimal"], 0.0),
    ],
)
def test_what_is_asked_for_is_bounded_and_what_is_not_understood_is_passed_over(lines: list[str], seconds: float) -> None:
    assert preferred_wait(lines) == seconds
