"""Check digits of cards (ISO/IEC 7812-1, Luhn) and of bank accounts (ISO 13616, modulo 97)."""

from __future__ import annotations

_CARD_LENGTHS = range(12, 20)
_ISSUERS = ("2", "3", "4", "5", "6", "1800")
"""First digits of the networks: Mastercard, American Express, Diners, JCB, Visa, Maestro, Discover, UnionPay."""
_LARGEST_DIGIT = 9
_BASE_36 = 36


def luhn(digits: str) -> bool:
    """Whether these may be the digits of a payment card."""
    if len(digits) not in _CARD_LENGTHS or not digits.startswith(_ISSUERS):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - _LARGEST_DIGIT if value > _LARGEST_DIGIT else value
    return total % 10 == 0


def iban(characters: str) -> bool:
    """Whether the check digits of an IBAN without gaps are right; its length is not looked at."""
    turned = characters[4:] + characters[:4]
    return int("".join(str(int(character, _BASE_36)) for character in turned)) % 97 == 1
