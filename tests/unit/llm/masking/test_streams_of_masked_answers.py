from collections.abc import AsyncIterator

import pytest

from diarist.domain.masking import MaskingPolicy, WithoutNames
from diarist.errors import UnknownPlaceholder
from diarist.llm.masking.masker import PATTERNS, Masker
from diarist.llm.masking.vault import Vault


async def pieces_of(*pieces: str) -> AsyncIterator[str]:
    for piece in pieces:
        yield piece


@pytest.fixture
async def vault() -> Vault:
    vault = Masker(PATTERNS, MaskingPolicy(without_names=WithoutNames.PATTERNS)).vault()
    await vault.mask("Maria met Peter.")
    return vault


async def test_a_placeholder_waits_for_its_end(vault: Vault) -> None:
    given = [piece async for piece in vault.unmask_stream(pieces_of("Then [PER", "SON_", "2] cal", "led [PERSON_1]", "."))]
    assert "".join(given) == "Then Peter called Maria."
    assert given[0] == "Then "


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13])
async def test_any_cut_gives_the_same(vault: Vault, size: int) -> None:
    answer = "[PERSON_1]'s [note] and PERSON_2, [person_2s]: [a [PERSON_1.1]] " + "x" * 100 + " [" + "y " * 60 + "PERSON_1"
    pieces = [answer[at : at + size] for at in range(0, len(answer), size)]
    assert "".join([piece async for piece in vault.unmask_stream(pieces_of(*pieces))]) == vault.unmask(answer)


async def test_what_cannot_be_a_placeholder_does_not_wait(vault: Vault) -> None:
    given = [
        piece async for piece in vault.unmask_stream(pieces_of("[ ] do this, ", "[" + "so long that it is none " * 3, "end"))
    ]
    assert given[0] == "[ ] do this, "
    assert given[1].startswith("[so long")


async def test_an_unknown_placeholder_ends_the_stream(vault: Vault) -> None:
    given = []
    with pytest.raises(UnknownPlaceholder):
        async for piece in vault.unmask_stream(pieces_of("[PERSON_1] met ", "[PERSON_", "9] and left")):
            given.append(piece)  # noqa: PERF401 - what was given before the end is looked at
    assert given == ["Maria met "]


async def test_an_end_amid_a_placeholder_is_shown_as_it_is(vault: Vault) -> None:
    assert [piece async for piece in vault.unmask_stream(pieces_of("so [PERS"))] == ["so ", "[PERS"]
