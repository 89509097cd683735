import pytest

from diarist.domain.masking import Kind, MaskingPolicy, WithoutNames
from diarist.errors import UnknownPlaceholder
from diarist.llm.masking.masker import PATTERNS, Masker
from diarist.llm.masking.vault import Vault

PATTERNS_ONLY = MaskingPolicy(without_names=WithoutNames.PATTERNS)


@pytest.fixture
def vault() -> Vault:
    return Masker(PATTERNS, PATTERNS_ONLY).vault()


async def test_one_name_has_one_number(vault: Vault) -> None:
    masked = await vault.mask("Maria met Peter. Maria's dog bit Peter, and Maria laughed.")
    assert masked.text == "[PERSON_1] met [PERSON_2]. [PERSON_1]'s dog bit [PERSON_2], and [PERSON_1] laughed."
    assert masked.counts == {Kind.PERSON: 2}


async def test_numbers_are_kept_from_text_to_text(vault: Vault) -> None:
    await vault.mask("Maria called.")
    assert (await vault.mask("Peter called, then Maria.")).text == "[PERSON_2] called, then [PERSON_1]."
    assert vault.counts == {Kind.PERSON: 2}


async def test_another_form_of_a_name_keeps_its_number_and_comes_back_as_it_was(vault: Vault) -> None:
    text = "Maria called. i love maria. MARIA!"
    masked = await vault.mask(text)
    assert masked.text == "[PERSON_1] called. i love [PERSON_1.2]. [PERSON_1.3]!"
    assert masked.counts == {Kind.PERSON: 1}
    assert vault.unmask(masked.text) == text


async def test_a_number_is_the_same_written_with_gaps_and_said(vault: Vault) -> None:
    masked = await vault.mask("Call 07700 900461, I repeat, call oh seven seven double oh nine oh oh four six one.")
    assert masked.text == "Call [PHONE_1], I repeat, call [PHONE_1.2]."


async def test_an_address_is_the_same_written_and_said(vault: Vault) -> None:
    masked = await vault.mask("Mail anna.smith@gmail.com; yes, anna dot smith at gmail dot com is hers.")
    assert masked.text == "Mail [EMAIL_1]; yes, [EMAIL_1.2] is hers."


async def test_what_is_known_is_masked_where_no_detector_would_find_it(vault: Vault) -> None:
    await vault.mask("I had lunch with Dr. Zbigniew Wrzos.")
    assert (await vault.mask("then wrzos paid")).text == "then [PERSON_2] paid"


async def test_a_name_that_is_a_word_too_is_not_masked_in_lower_case(vault: Vault) -> None:
    masked = await vault.mask("My name is Will. I will call, and Will will answer.")
    assert masked.text == "My name is [PERSON_1]. I will call, and [PERSON_1] will answer."


async def test_segments_are_masked_with_what_any_of_them_names(vault: Vault) -> None:
    masked = await vault.mask_all(
        ["then brandt called", "my name is walter brandt", "and my number is oh seven seven", "oh nine double two"]
    )
    assert [one.text for one in masked] == [
        "then [PERSON_1] called",
        "my name is [PERSON_2]",
        "and my number is [PHONE_1]",
        "[PHONE_2]",
    ]
    assert [vault.unmask(one.text) for one in masked][1] == "my name is walter brandt"


async def test_what_looks_like_a_placeholder_is_escaped(vault: Vault) -> None:
    text = "Maria wrote [PERSON_1] and [person 7] and PERSON_9 on the wall, [NOTE_3] too."
    masked = await vault.mask(text)
    assert masked.text == "[PERSON_1] wrote [TEXT_1] and [TEXT_2] and [TEXT_3] on the wall, [TEXT_4] too."
    assert vault.unmask(masked.text) == text
    assert masked.counts == {Kind.PERSON: 1}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[PERSON_1]'s dog", "Maria's dog"),
        ("[PERSON_1's] dog", "Maria's dog"),
        ("[PERSON_1\u2019s] dog", "Maria\u2019s dog"),
        ("both [PERSON_1]s", "both Marias"),
        ("both [PERSON_1s]", "both Marias"),
        ("both [PERSONS_1]", "both Maria"),
        ("[person_1] came", "Maria came"),
        ("[Person 1] came", "Maria came"),
        ("[Person-1] came", "Maria came"),
        ("[ PERSON_1 ] came", "Maria came"),
        (r"[PERSON\_1] came", "Maria came"),
        ("**[PERSON_1]** came", "**Maria** came"),
        ("PERSON_1 came", "Maria came"),
        ("[[PERSON_1]] came", "[Maria] came"),
        ("[PERSON_1.1] came", "Maria came"),
        ("[1] [Chapter 1] [x] PERSON came", "[1] [Chapter 1] [x] PERSON came"),
    ],
)
async def test_inflected_placeholders_are_understood(vault: Vault, written: str, meant: str) -> None:
    await vault.mask("Maria came.")
    assert vault.unmask(written) == meant


@pytest.mark.parametrize("written", ["[PERSON_2]", "[PERSON_1.2]", "[CITY_1]", "PHONE_1", "[person_3]", "[PERSON_0]", "[TEXT_1]"])
async def test_an_answer_with_an_unknown_placeholder_is_not_used(vault: Vault, written: str) -> None:
    await vault.mask("Maria came.")
    with pytest.raises(UnknownPlaceholder):
        vault.unmask(f"[PERSON_1] met {written}.")


async def test_only_the_kinds_of_the_policy_are_masked() -> None:
    policy = MaskingPolicy(kinds=frozenset({Kind.EMAIL}), without_names=WithoutNames.REFUSE)
    masked = await Masker(PATTERNS, policy).vault().mask("Maria is at maria@example.org.")
    assert masked.text == "Maria is at [EMAIL_1]."


async def test_dates_amounts_and_times_stay(vault: Vault) -> None:
    text = "On 2024-03-15, 12.05.2024 and 5/6/2023 at 10:30 I paid 1,250.00; from 1998 to 2003, or two thousand and three."
    assert (await vault.mask(text)).text == text
