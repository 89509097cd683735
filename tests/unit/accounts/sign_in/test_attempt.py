from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.accounts.sign_in.attempt import Attempt, local_path


@given(st.text())
def test_a_path_to_go_to_never_leaves_this_server(given: str) -> None:
    path = local_path(given)
    assert path.startswith("/")
    # As browsers read it: backslashes are slashes to them, and control characters are not there.
    parts = urlsplit(path.replace("\\", "/"))
    assert (parts.scheme, parts.netloc) == ("", "")


@pytest.mark.parametrize("path", ["/", "/day/2026-11-03", "/search?q=a%20b#x"])
def test_a_path_of_ours_is_gone_to(path: str) -> None:
    assert Attempt.new(path).return_to == path
    assert Attempt.from_cookie(Attempt.new(path).cookie) is not None


def test_all_of_an_attempt_follows_from_its_cookie() -> None:
    attempt = Attempt.new("/day?x=1")
    again = Attempt.from_cookie(attempt.cookie)
    assert again == attempt
    assert again is not None
    assert again.is_answered_by(attempt.state)
    assert len({attempt.secret, attempt.state, attempt.nonce, attempt.verifier}) == 4
    assert 43 <= len(attempt.verifier) <= 128


@given(st.text())
def test_nothing_else_answers_it(state: str) -> None:
    assert not Attempt.new("/").is_answered_by(state)


@pytest.mark.parametrize("cookie", ["", ".", "short./", "x" * 44, "ä" * 43])
def test_what_is_no_attempt_is_none(cookie: str) -> None:
    assert Attempt.from_cookie(cookie) is None
