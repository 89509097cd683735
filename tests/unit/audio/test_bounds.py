"""How long a recording may turn out to be."""

import pytest

from diarist.audio.bounds import FEWEST_BYTES, FREE, require_bounded
from diarist.errors import TooDense, TooLong
from diarist.http.problem import status_of

HOUR = 3600.0
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("seconds", "missing", "size"),
    [
        (DAY, 0.0, 90_000_000),  # Opus of a day
        (DAY, 0.0, int(DAY * FEWEST_BYTES)),  # hardly anything
        (FREE, 0.0, 100),  # an hour that is silent
        (DAY, DAY - HOUR, 40_000),  # a recorder that waits for voices, and notes the time
    ],
)
def test_what_recorders_write_is_decoded(seconds: float, missing: float, size: int) -> None:
    require_bounded(seconds, missing, size, DAY)


def test_a_small_file_does_not_become_endless() -> None:
    with pytest.raises(TooDense, match=r"100,000 bytes have decoded to 3\.5 hours"):
        require_bounded(3.5 * HOUR, 0.0, 100_000, DAY)


def test_a_recording_is_not_longer_than_it_may_be() -> None:
    with pytest.raises(TooLong, match="longer than 24 hours"):
        require_bounded(DAY + 1, 0.0, 10**9, DAY)
    require_bounded(DAY + 1, 0.0, 10**9, None)


def test_it_is_told_as_too_large() -> None:
    assert status_of(TooLong) == status_of(TooDense) == 413
