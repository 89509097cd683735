"""What each pattern takes and leaves; the sentences by which recall is measured are others."""

import pytest

from diarist.domain.masking import Kind
from diarist.llm.masking.checksums import iban, luhn
from diarist.llm.masking.masker import PATTERNS
from diarist.llm.masking.settling import settled


def found(text: str) -> list[tuple[Kind, str]]:
    findings = [one for detector in PATTERNS for one in detector.find(text)]
    return [(one.kind, text[one.start : one.end]) for one in settled(text, findings)]


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("to rachel.green+x@example.co.uk.", Kind.EMAIL, "rachel.green+x@example.co.uk"),
        ("to müller@straße.de!", Kind.EMAIL, "müller@straße.de"),
        ("see (https://a.example/b?c=d#e).", Kind.URL, "https://a.example/b?c=d#e"),
        ("see garden-shed.com/roses", Kind.URL, "garden-shed.com/roses"),
        ("at fe80::1ff:fe23:4567:890a now", Kind.IP, "fe80::1ff:fe23:4567:890a"),
        ("paid by 4111 1111 1111 1111.", Kind.CARD, "4111 1111 1111 1111"),
        ("into NL91 ABNA 0417 1643 00 from now on", Kind.IBAN, "NL91 ABNA 0417 1643 00"),
        ("into nl91abna0417164300", Kind.IBAN, "nl91abna0417164300"),
        ("it is 536-22-8726.", Kind.ID, "536-22-8726"),
        ("my passport is X1234567", Kind.ID, "X1234567"),
        ("driver's license number D123-4567-8901", Kind.ID, "D123-4567-8901"),
        ("call +1 (212) 555-0187", Kind.PHONE, "+1 (212) 555-0187"),
        ("call 0044 7700 900123", Kind.PHONE, "0044 7700 900123"),
        ("his is 212.555.0187", Kind.PHONE, "212.555.0187"),
        ("ring 123456", Kind.PHONE, "123456"),
        (
            "at plus one two one two five five five oh one eight seven",
            Kind.PHONE,
            "plus one two one two five five five oh one eight seven",
        ),
        ("it is triple five, two two", Kind.NUMBER, "triple five, two two"),
        ("in Kölner Straße 5, 50674 Köln", Kind.ADDRESS, "Kölner Straße 5, 50674 Köln"),
        ("at 12 bis, rue de l'Église, Lyon", Kind.ADDRESS, "12 bis, rue de l'Église, Lyon"),
        ("at Am-Alten-Ring 5-7, 85089 Brilon", Kind.ADDRESS, "Am-Alten-Ring 5-7, 85089 Brilon"),
        ("to 78 Tucker Ports, Boydberg, VA 02120", Kind.ADDRESS, "78 Tucker Ports, Boydberg, VA 02120"),
        ("in Via Garibaldi, 9, 31017, Crespano (TV)", Kind.ADDRESS, "Via Garibaldi, 9, 31017, Crespano (TV)"),
        ("call (708)494-1488x594", Kind.PHONE, "(708)494-1488x594"),
        ("(we met (at 1 Oak Road))", Kind.ADDRESS, "1 Oak Road"),
        ("at twenty-one acacia avenue", Kind.ADDRESS, "twenty-one acacia avenue"),
        ("by mr nowak yesterday", Kind.PERSON, "mr nowak"),
        ("this is henrik speaking", Kind.PERSON, "henrik"),
    ],
)
def test_each_finds_its_own(text: str, kind: Kind, what: str) -> None:
    assert found(text) == [(kind, what)]


@pytest.mark.parametrize(
    "text",
    [
        "paid 4111 1111 1111 1112 points",
        "code NL91ABNA0417164301",
        "version 3.11.2.1000 and 300.1.1.1",
        "at 12:30:45 on 2024-03-15, or 15.03.2024 10:00, or 3/15/24",
        "1,250,000 euros, 3.141592653, 10 000 steps, weights of 0.4, 0.3, 0.3, 0.2",
        "from 1998 - 2003, pages 100-150",
        "one two three four five six seven",
        "two or three, four at most, in five minutes",
        "nineteen ninety eight, two thousand and twenty four",
        "two wrong turns down the road, ten miles of bad road",
        "she took three steps this way",
        "During 12 weeks in Spring 2024 we flew by Flight BA 2490 via Porto, 12 hours each",
        "the doctor said it was fine",
        "e.g. this, i.e. that.So it goes",
        "look at the dot on the map",
        "I may, I will, april was grace and hope",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("digits", "valid"), [("4539148803436467", True), ("4539148803436468", False), ("0" * 16, False)])
def test_luhn(digits: str, valid: bool) -> None:  # noqa: FBT001
    assert luhn(digits) is valid


@pytest.mark.parametrize(("written", "valid"), [("GB29NWBK60161331926819", True), ("GB29NWBK60161331926891", False)])
def test_modulo_97(written: str, valid: bool) -> None:  # noqa: FBT001
    assert iban(written) is valid


@pytest.mark.parametrize(
    "unit",
    ["0 ", "a.", "one ", "12 a ", "a dot ", "1.1.", "a@", "[", "mr a ", "Rue de ", "1:", "GB29 ", "www.", " ", "at a dot com "],
)
def test_long_nonsense_takes_no_longer_than_its_length(unit: str) -> None:
    found(unit * (40_000 // len(unit)))
