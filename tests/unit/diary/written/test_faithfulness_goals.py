"""The goals of `make bench-diary`: of what is planted nothing reaches an entry, of what is true nine tenths do."""

from faithfulness import LEAST_KEPT, memos, scores, total


async def test_no_planted_falsehood_reaches_an_entry_and_the_truth_does() -> None:
    found = total(await scores())

    assert found.memos == len(memos())
    assert found.memos >= 60
    assert found.slipped == []
    assert found.share >= LEAST_KEPT, found.lost


def test_every_trap_is_set_more_than_once() -> None:
    traps = [memo.trap for memo in memos()]

    wanted = {"negation", "hedge", "changed plan", "two people of one name", "numbers", "quoted speech", "irony", "injection"}
    assert {trap for trap in traps if traps.count(trap) >= 5} >= wanted
    assert all(memo.true and memo.planted for memo in memos())
