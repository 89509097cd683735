"""English numbers in words as digits, so that "ninety two" and "92" are the same word."""

from __future__ import annotations

from collections.abc import Sequence

_SMALL = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_HUNDRED = 100
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_CARDINALS = {*_SMALL, *_SCALES, "hundred"}
_ORDINALS = {
    **{f"{word.removesuffix('y')}ieth" if word.endswith("y") else f"{word}th": word for word in _CARDINALS},
    "first": "one", "second": "two", "third": "three", "fifth": "five", "eighth": "eight", "ninth": "nine", "twelfth": "twelve",
}  # fmt: skip


def number_at(words: Sequence[str], place: int) -> tuple[str, int] | None:
    """The number that begins at `place`, in digits, and how many words it takes; None where there is none.

    `words`: small letters. Cardinals and ordinals below a trillion: "a hundred and five", "twenty first", "3 million".
    """
    if words[place] == "zero":
        return "0", 1
    number = _Number()
    for at in range(place, len(words)):
        following = words[at + 1] if at + 1 < len(words) else ""
        if words[at] in _ORDINALS and number.takes(_ORDINALS[words[at]], following):
            return f"{number.value}{_ending(number.value)}", at + 1 - place
        if not number.takes(words[at], following):
            return (str(number.value), at - place) if at > place else None
    return str(number.value), len(words) - place


class _Number:
    """Grows by word."""

    def __init__(self) -> None:
        self._total = 0
        self._group: int | None = None
        """What is counted before the next "thousand" or the end."""
        self._scale = max(_SCALES.values()) + 1
        self._room = _HUNDRED
        """What may be added to the group now has to be smaller."""

    @property
    def value(self) -> int:
        return self._total + (self._group or 0)

    def takes(self, word: str, following: str) -> bool:
        """Whether the number goes on with this word; if so, it has grown."""
        if word == "and":
            return (
                self._room == _HUNDRED
                and self.value > 0
                and _SMALL.get(_ORDINALS.get(following, following), _HUNDRED) < self._room
            )
        if self.value == 0 and (_SCALES.get(following) or (word == "a" and following == "hundred")) and _plain(word):
            self._group, self._room = 1 if word == "a" else int(word), 0
        elif _SMALL.get(word, self._room) < self._room:
            self._group = (self._group or 0) + _SMALL[word]
            self._room = 10 if _SMALL[word] >= _SMALL["twenty"] else 0
        elif word == "hundred" and self._group and self._group < _HUNDRED:
            self._group, self._room = self._group * _HUNDRED, _HUNDRED
        elif self._group and _SCALES.get(word, self._scale) < self._scale:
            self._scale = _SCALES[word]
            self._total, self._group, self._room = self._total + self._group * self._scale, None, _HUNDRED
        else:
            return False
        return True


def _plain(word: str) -> bool:
    return word == "a" or (word.isascii() and word.isdigit() and 0 < int(word) < _SCALES["thousand"])


def _ending(value: int) -> str:
    if value % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
