"""Whatever the text: it comes back as it was, and nothing that was masked stands in what leaves."""

import re
from collections.abc import AsyncIterator

from hypothesis import given, settings
from hypothesis import strategies as st

from diarist.domain.given_names import ALSO_WORDS
from diarist.domain.masking import Kind, MaskingPolicy, WithoutNames
from diarist.llm.masking.detector import Finding
from diarist.llm.masking.masker import PATTERNS, Masker
from diarist.llm.masking.vault import Vault

FRAGMENTS = st.sampled_from(
    [
        *("Maria", "maria", "MARIA's", "David Okafor", "okafor", "Will", "Dr. Nakamura", "anna@example.org", "07700 900461"),
        *(
            "anna dot smith at gmail dot com",
            "oh seven seven oh oh nine oh oh four six one",
            "one two three oak avenue",
            "PO Box 12",
        ),
        *(
            "[PERSON_1]",
            "[person 2]",
            "PERSON_1",
            "[PERSON_1.2]",
            "[TEXT_1]",
            "[",
            "]",
            "_",
            "1",
            "[PERSON_",
            "ID_",
            "\n",
            " ",
            ". ",
            "'s",
        ),
        *(
            "GB29 NWBK 6016 1331 9268 19",
            "4539 1488 0343 6467",
            "https://x.example/[PERSON_1]",
            "10.0.0.42",
            "\u017f",
            "\u0130",
            "\u212a",
            "ß",
        ),
    ]
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=8), max_size=14).map("".join) | st.text(max_size=200)


class Anything:
    """Takes whatever pieces it is told for people, sensible or not."""

    name = "anything"
    knows_names = True

    def __init__(self, cuts: list[tuple[int, int, Kind]]) -> None:
        self._cuts = cuts

    def reads(self, language: str | None) -> bool:
        return True

    def find(self, text: str) -> list[Finding]:
        places = [(min(a, b) % (len(text) + 1), max(a, b) % (len(text) + 1), kind) for a, b, kind in self._cuts]
        return [Finding(min(a, b), max(a, b), kind) for a, b, kind in places]


CUTS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.sampled_from(Kind)), max_size=4)


def vault_with(cuts: list[tuple[int, int, Kind]]) -> Vault:
    return Masker([*PATTERNS, Anything(cuts)], MaskingPolicy(without_names=WithoutNames.REFUSE)).vault()


@settings(max_examples=400)
@given(texts=st.lists(TEXTS, min_size=1, max_size=3), cuts=CUTS)
async def test_what_was_masked_comes_back_as_it_was(texts: list[str], cuts: list[tuple[int, int, Kind]]) -> None:
    vault = vault_with(cuts)
    masked = await vault.mask_all(texts)
    assert [vault.unmask(one.text) for one in masked] == texts
    again = await vault.mask_all(texts)
    assert [vault.unmask(one.text) for one in again] == texts


@settings(max_examples=400)
@given(text=TEXTS, cuts=CUTS)
async def test_nothing_that_was_masked_stands_in_what_leaves(text: str, cuts: list[tuple[int, int, Kind]]) -> None:
    vault = vault_with(cuts)
    left = (await vault.mask(text)).text
    kept = re.split(r"\[[A-Z]+_[0-9]+(?:\.[0-9]+)?\]", left)
    for original in originals(vault, left):
        form = r"\s+".join(re.escape(word) for word in original.split())
        survivor = re.compile(rf"(?<![A-Za-z0-9_]){form}(?![A-Za-z0-9_])")
        assert not any(survivor.search(piece) for piece in kept), original
        if original.lower() not in ALSO_WORDS and original.isalpha() and len(original) > 8:
            assert not any(original.lower() in piece.lower().split() for piece in kept), original


@settings(max_examples=200)
@given(text=TEXTS, cuts=CUTS, sizes=st.lists(st.integers(1, 9), min_size=1, max_size=9))
async def test_a_stream_gives_what_the_whole_gives(text: str, cuts: list[tuple[int, int, Kind]], sizes: list[int]) -> None:
    vault = vault_with(cuts)
    left = (await vault.mask(text)).text

    async def pieces() -> AsyncIterator[str]:
        at = turn = 0
        while at < len(left):
            yield left[at : at + sizes[turn % len(sizes)]]
            at += sizes[turn % len(sizes)]
            turn += 1

    assert "".join([piece async for piece in vault.unmask_stream(pieces())]) == text


def originals(vault: Vault, left: str) -> set[str]:
    """What the placeholders stand for, but for text that only looked like one."""
    placeholders = set(re.findall(r"\[[A-Z]+_[0-9]+(?:\.[0-9]+)?\]", left))
    return {vault.unmask(one) for one in placeholders if not one.startswith("[TEXT_")}
