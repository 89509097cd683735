import traceback

import pytest

from diarist.domain.masking import Kind, MaskingPolicy, WithoutNames
from diarist.errors import MaskingFailed
from diarist.llm.masking.detector import Finding
from diarist.llm.masking.masker import PATTERNS, Masker, open_masker
from diarist.settings import MaskingSettings, Settings

REFUSE = MaskingPolicy(without_names=WithoutNames.REFUSE)
ALLOW = MaskingPolicy(without_names=WithoutNames.PATTERNS)


class Broken:
    """An analyser that fails on some texts, and quotes them."""

    name = "broken"
    knows_names = True

    def reads(self, language: str | None) -> bool:
        return language in {None, "en"}

    def find(self, text: str) -> list[Finding]:
        if "came" in text and "She" not in text:
            raise RuntimeError(f"cannot analyse {text!r}")
        return []


async def test_an_error_of_a_detector_lets_nothing_leave_and_quotes_nothing() -> None:
    vault = Masker([*PATTERNS, Broken()], REFUSE).vault()
    text = f"{'airaM'[::-1]} came."  # a traceback shows lines of this file too
    with pytest.raises(MaskingFailed, match=r"broken.*RuntimeError") as caught:
        await vault.mask(text)
    assert "Maria" not in "".join(traceback.format_exception(caught.value))
    assert (await vault.mask("She came.")).text == "She came."


async def test_without_an_analyser_for_names_nothing_leaves_unless_it_is_allowed() -> None:
    masker = Masker(PATTERNS, REFUSE)
    assert not masker.knows_names
    with pytest.raises(MaskingFailed) as caught:
        await masker.vault().mask("Nothing here.")
    assert "pip install 'diarist[masking]'" in caught.value.advice
    vault = masker.vault(ALLOW)
    assert (await vault.mask("Nothing here.")).text == "Nothing here."
    assert vault.names_by is None


async def test_a_language_that_the_analyser_does_not_know_is_refused_too() -> None:
    masker = Masker([*PATTERNS, Broken()], REFUSE)
    assert masker.vault(language="en").names_by == "broken"
    with pytest.raises(MaskingFailed, match="'de'"):
        await masker.vault(language="de").mask("Nichts.")
    vault = masker.vault(ALLOW, language="de")
    assert (await vault.mask("Schreib an maria@example.org")).text == "Schreib an [EMAIL_1]"
    assert vault.names_by is None


async def test_who_wants_no_names_masked_needs_no_analyser() -> None:
    policy = MaskingPolicy(kinds=frozenset({Kind.PHONE}), without_names=WithoutNames.REFUSE)
    assert (await Masker(PATTERNS, policy).vault().mask("Call 07700 900461.")).text == "Call [PHONE_1]."


def test_the_policy_comes_from_the_settings() -> None:
    masking = MaskingSettings(kinds=frozenset({Kind.EMAIL}), where=frozenset(), without_names=WithoutNames.PATTERNS)
    policy = open_masker(Settings(masking=masking)).policy
    assert policy == MaskingPolicy(kinds=frozenset({Kind.EMAIL}), where=frozenset(), without_names=WithoutNames.PATTERNS)
