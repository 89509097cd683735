"""Names, numbers and addresses that Faker makes up for many countries, in sentences of ours: what of it is masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from faker import Faker

from diarist.domain.masking import Kind
from diarist.llm.masking.detector import Detector, Finding
from marked_sentences import Marked, scored

COUNTRIES = ("en_US", "en_GB", "en_AU", "de_DE", "fr_FR", "it_IT")
"""Whose made-up values were looked at while patterns were written."""
OTHERS = ("en_CA", "en_IE", "en_NZ", "de_AT", "fr_CH", "es_ES", "pt_PT", "nl_NL")
"""Whose were not."""
_EACH = 40
"""Values of a kind for a country."""

_MAKERS: dict[Kind, Callable[[Faker], str]] = {
    Kind.EMAIL: lambda fake: fake.ascii_email(),
    Kind.URL: lambda fake: fake.url(),
    Kind.IBAN: lambda fake: fake.iban(),
    Kind.CARD: lambda fake: fake.credit_card_number(),
    Kind.IP: lambda fake: fake.ipv6() if fake.boolean() else fake.ipv4(),
    Kind.PHONE: lambda fake: fake.phone_number(),
    Kind.ADDRESS: lambda fake: fake.address().replace("\n", ", "),
    Kind.PERSON: lambda fake: f"{fake.first_name()} {fake.last_name()}",
    Kind.PLACE: lambda fake: fake.city(),
    Kind.ORGANISATION: lambda fake: fake.company(),
}
_SENTENCES = {
    Kind.EMAIL: ("Write to {} about it.", "Hers is {}"),
    Kind.URL: ("Read it at {} tonight.", "It stood on {}"),
    Kind.IBAN: ("Pay into {} by Friday.", "It goes to {}"),
    Kind.CARD: ("The card is {} I think.", "They charged {} twice."),
    Kind.IP: ("The server is {} now.", "It came from {}"),
    Kind.PHONE: ("Call {} tomorrow.", "I found {} on a note."),
    Kind.ADDRESS: ("We live at {} now.", "Send it to {} please."),
    Kind.PERSON: ("I had lunch with {} today.", "{} called me about the flat."),
    Kind.PLACE: ("We drove to {} for the weekend.", "My sister lives in {} now."),
    Kind.ORGANISATION: ("I applied for a job at {} last week.", "{} wrote to me."),
}


def print_recall(title: str, detectors: Sequence[Detector]) -> dict[str, dict[str, int]]:
    """A row for each country, and what was found of how many; JSON-able."""
    print(f"\n{title}: of {_EACH} made-up values of a kind, masked")
    print(f"| country | {' | '.join(_MAKERS)} |\n|---{'|---' * len(_MAKERS)}|")
    rows = {}
    for country in (*COUNTRIES, *OTHERS):
        covered = scored(_made_up(country), detectors).covered
        rows[country] = _plain(covered)
        print(f"| {country} | {' | '.join(str(covered[kind]) for kind in _MAKERS)} |")
    return rows


def _made_up(country: str) -> list[Marked]:
    fake = Faker(country)
    fake.seed_instance(2026)
    made = []
    for kind, make in _MAKERS.items():
        for turn in range(_EACH):
            before, after = _SENTENCES[kind][turn % len(_SENTENCES[kind])].split("{}")
            value = make(fake)
            made.append(Marked("written", before + value + after, (Finding(len(before), len(before) + len(value), kind),)))
    return made


def _plain(counter: Counter[Kind]) -> dict[str, int]:
    return {kind.value: counter[kind] for kind in _MAKERS}
