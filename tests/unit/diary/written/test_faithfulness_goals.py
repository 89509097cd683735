"""The goals of `make bench-diary`: of what is planted nothing reaches an entry, of what is true nine tenths are told."""

import pytest

from faithfulness import LEAST_KEPT, SUITES, memos, scores, total


@pytest.mark.parametrize("suite", SUITES)
async def test_no_planted_falsehood_reaches_an_entry_and_the_truth_does(suite: str) -> None:
    found = total(await scores(suite))

    assert found.memos == len(memos(suite))
    assert found.slipped == []
    assert found.share >= LEAST_KEPT, found.lost


async def test_in_its_own_words_a_model_is_held_to_the_known_traps() -> None:
    found = total(await scores(strict=False))

    assert found.slipped == []
    assert found.share >= LEAST_KEPT, found.lost


def test_every_trap_is_set_more_than_once() -> None:
    traps = [memo.trap for memo in memos()]

    wanted = {"negation", "hedge", "changed plan", "two people of one name", "numbers", "quoted speech", "irony", "injection"}
    assert {trap for trap in traps if traps.count(trap) >= 5} >= wanted


@pytest.mark.parametrize("suite", SUITES)
def test_every_memo_says_something_true_and_quotes_what_was_said(suite: str) -> None:
    for memo in memos(suite):
        assert memo.true
        assert memo.planted
        assert all(quote in memo.text for line in (*memo.true, *memo.planted) for quote in line.quotes), memo.text
