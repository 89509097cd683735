from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from diarist.cli.watching.folder import Sighting
from diarist.cli.watching.later import Later
from diarist.cli.watching.settling import Settling

PATH = Path("talk.mp3")


def test_a_file_settles_when_it_has_not_changed_for_a_while() -> None:
    settling = Settling(5)
    growing, grown = Sighting(PATH, 1, 1), Sighting(PATH, 2, 2)
    assert settling.settled([growing], 0) == []
    assert settling.settled([grown], 4) == []
    assert settling.unsettled(4) == [grown]
    assert settling.settled([grown], 8.9) == []
    assert settling.settled([grown], 9) == [grown]
    assert settling.settled([grown], 10) == [grown]
    settling.start_over(grown)
    assert settling.settled([grown], 11) == []


def test_a_file_that_was_away_begins_anew() -> None:
    settling, seen = Settling(5), Sighting(PATH, 1, 1)
    settling.settled([seen], 0)
    settling.settled([], 3)
    assert settling.settled([seen], 6) == []


@given(st.lists(st.tuples(st.floats(0.1, 4), st.integers(0, 2)), max_size=40), st.floats(1, 6))
def test_nothing_settles_that_changed_within_the_time(looks: list[tuple[float, int]], patience: float) -> None:
    settling, now, history = Settling(patience), 0.0, list[tuple[float, int]]()
    for pause, size in looks:
        now += pause
        history.append((now, size))
        settled = settling.settled([Sighting(PATH, size, size)], now)
        unchanged_since = next((at for at, was in history if all(later == size for when, later in history if when >= at)), now)
        assert bool(settled) == (now - unchanged_since >= patience)


def test_what_does_not_work_is_tried_ever_more_rarely() -> None:
    later = Later()
    assert later.is_due("a", 0)
    waits = [later.put_off("a", "full", 0)[0] for _ in range(12)]
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-2:] == [300, 300]
    assert not later.is_due("a", 299)
    assert later.is_due("a", 300)
    assert later.is_due("b", 0)
    assert [later.put_off("a", reason, 0)[1] for reason in ("full", "gone", "gone")] == [False, True, False]
    later.worked("a")
    assert later.put_off("a", "gone", 0) == (1, True)
