"""What makes errors alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from diarist.child.wire import decode_header
from diarist.errors import ChildDied, DiaristError, InvalidInput
from diarist.errors.origin import FRAMES, Frame, Origin, origin_of
from diarist.failures.failure import FINGERPRINT, Context, Failure, FailureKind, failure_of

NOW = datetime(2026, 11, 3, tzinfo=UTC)
words = st.text("abcdef", min_size=1, max_size=5)
frames = st.lists(st.builds(Frame, words, words, st.integers(1, 999)), max_size=FRAMES).map(tuple)


def made(code: str, kind: str, frames: tuple[Frame, ...], place: str = "look") -> Failure:
    return Failure(code=code, kind=FailureKind.TASK, origin=Origin(kind, frames), context=Context(place=place), at=NOW)


def raised(doing: Callable[[], object]) -> Exception:
    try:
        doing()
    except Exception as error:  # noqa: BLE001 - whatever it is
        return error
    raise AssertionError("nothing was raised")


@given(words, words, frames, st.integers(1, 99))
def test_lines_do_not_count(code: str, kind: str, places: tuple[Frame, ...], down: int) -> None:
    moved = tuple(Frame(place.module, place.function, place.line + down) for place in places)
    assert made(code, kind, places).fingerprint == made(code, kind, moved).fingerprint


@given(words, words, frames.filter(bool))
def test_where_it_was_met_does_not_count_while_it_is_known_where_it_came_from(
    code: str, kind: str, places: tuple[Frame, ...]
) -> None:
    assert made(code, kind, places).fingerprint == made(code, kind, places, place="cut").fingerprint


@given(st.tuples(words, words, frames.filter(bool)), st.tuples(words, words, frames.filter(bool)))
def test_others_are_told_apart(one: tuple[str, str, tuple[Frame, ...]], other: tuple[str, str, tuple[Frame, ...]]) -> None:
    def said(thing: tuple[str, str, tuple[Frame, ...]]) -> object:
        return thing[0], thing[1], [(frame.module, frame.function) for frame in thing[2]]

    assert (made(*one).fingerprint == made(*other).fingerprint) == (said(one) == said(other))
    assert len(made(*one).fingerprint) == FINGERPRINT


def test_what_an_error_says_does_not_count_and_is_not_kept() -> None:
    first, second = (raised(partial(decode_header, line)) for line in (b"canary\n", b"another\n"))
    one, other = (failure_of(error, FailureKind.REQUEST, Context(place="GET /"), NOW) for error in (first, second))
    assert one.fingerprint == other.fingerprint
    assert one.where is not None
    assert (one.where.module, one.where.function) == ("diarist.child.wire", "decode_header")
    assert "canary" not in repr(one)


def test_only_places_of_ours_are_kept_and_not_too_many() -> None:
    assert origin_of(raised(lambda: int("one"))).frames == ()
    assert len(made("a", "b", tuple(Frame("diarist.x", str(n), n) for n in range(FRAMES))).origin.frames) == FRAMES


def test_an_error_that_stands_for_another_has_its_origin() -> None:
    stands = DiaristError()
    stands.origin = Origin("KeyError", (Frame("diarist.engine.child", "hear", 7),))
    told = failure_of(stands, FailureKind.TASK, Context(place="transcribe"), NOW)
    assert (told.code, told.origin.type, told.where) == ("internal", "KeyError", Frame("diarist.engine.child", "hear", 7))


def test_what_nobody_raised_is_told_by_its_place() -> None:
    one, other = (failure_of(InvalidInput(), FailureKind.CHORE, Context(place=place), NOW) for place in ("sweep", "feed"))
    assert one.fingerprint != other.fingerprint


def test_a_crashed_child_is_told_as_one_whoever_it_worked_for() -> None:
    for kind in (FailureKind.TASK, FailureKind.REQUEST):
        assert failure_of(ChildDied(), kind, Context(place="look"), NOW).kind is FailureKind.CHILD
