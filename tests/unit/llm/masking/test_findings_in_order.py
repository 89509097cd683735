import pytest

from diarist.domain.masking import Kind
from diarist.llm.masking.detector import Finding
from diarist.llm.masking.recurring import recurring
from diarist.llm.masking.settling import settled


def pieces(text: str, *findings: tuple[str, Kind]) -> list[tuple[str, Kind]]:
    """Each finding is given by what it takes, the first such piece of the text."""
    given = [Finding(text.index(what), text.index(what) + len(what), kind) for what, kind in findings]
    return [(text[one.start : one.end], one.kind) for one in settled(text, given)]


def test_what_overlaps_is_one_of_the_kind_of_its_longest_part() -> None:
    text = "at 42 Maple Tree Street, Springfield, now"
    found = pieces(text, ("Street, Spring", Kind.PLACE), ("42 Maple Tree Street", Kind.ADDRESS), ("Maple", Kind.PERSON))
    assert found == [("42 Maple Tree Street, Springfield", Kind.ADDRESS)]
    assert pieces(text, ("Maple", Kind.PLACE), ("Maple", Kind.PERSON)) == [("Maple", Kind.PERSON)]
    assert pieces(text, ("Springfield", Kind.PLACE), ("Maple", Kind.PERSON)) == [
        ("Maple", Kind.PERSON),
        ("Springfield", Kind.PLACE),
    ]


@pytest.mark.parametrize(
    ("text", "what", "left"),
    [
        ("so David's dog", "David's", ["David"]),
        ("so David\u2019s dog", "David\u2019s dog", ["David\u2019s dog"]),
        ('"Maria," he said', '"Maria,"', ["Maria"]),
        ("the grandmother", "mother", ["grandmother"]),
        ("so David\nOkafor came", "David\nOkafor", ["David", "Okafor"]),
        ("call (020) 7946", "(020) 7946", ["(020) 7946"]),
        ("so (Maria) came", "(Maria)", ["(Maria)"]),
        ("so ... came", "...", []),
        ("我叫David住", "David", ["David"]),
    ],
)
def test_findings_end_with_words_and_lines(text: str, what: str, left: list[str]) -> None:
    assert [piece for piece, _ in pieces(text, (what, Kind.PERSON))] == left


@pytest.mark.parametrize("text", ["\u017fMaria", "Maria\u017f", "MARIA.", "(maria)"])
def test_a_known_name_is_found_as_a_word_in_any_case(text: str) -> None:
    found = recurring(text, {(Kind.PERSON, "Maria")})
    assert [text[one.start : one.end].lower() for one in found] == ["maria"]


@pytest.mark.parametrize("text", ["Mariana", "a_maria", "maria1"])
def test_a_part_of_a_word_is_no_name(text: str) -> None:
    assert recurring(text, {(Kind.PERSON, "Maria")}) == []
