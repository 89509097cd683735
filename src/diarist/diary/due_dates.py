"""From the words that say by when to the day they name, counted from the day of the recording; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from diarist.diary.english import is_english
from diarist.domain.diary import ActionItem, Entry
from diarist.evaluation.numbers import number_at

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = "|".join(_MONTHS)
_FARTHEST = 366
"""Days: "in ninety days" is a day, "in a thousand days" is a manner of speaking."""


def dated(entry: Entry, day: date) -> Entry:
    """The entry with the days that its due words name, counted from its own day."""
    if entry.language is not None and not is_english(entry.language):
        return entry
    return replace(entry, action_items=tuple(_dated(item, day) for item in entry.action_items))


def _dated(item: ActionItem, day: date) -> ActionItem:
    return replace(item, due_date=due_date(item.due, day) if item.due else None)


def due_date(due: str, day: date) -> date | None:
    """The day that spoken due words name; None when they name none, or more than one ("next Friday", "Monday or Tuesday")."""
    text = " ".join(_digits(due.lower().replace("-", " ").strip(" .,!?").split()))
    if re.search(r"\b(?:next|last|or|every|end|beginning|middle|start|early|late|mid|until|till)\b", text):
        return None
    found = {named for pattern, name in _rules() for match in pattern.finditer(text) if (named := name(match, day)) is not None}
    return found.pop() if len(found) == 1 else None


def _digits(words: list[str]) -> list[str]:
    """Numbers in words as digits."""
    written: list[str] = []
    place = 0
    while place < len(words):
        number = number_at(words, place)
        written.append(number[0] if number else words[place])
        place += number[1] if number else 1
    return written


@cache
def _rules() -> list[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]]:
    return [
        (re.compile(r"\bday after tomorrow\b"), lambda _, day: day + timedelta(2)),
        (re.compile(r"(?<!after )\btomorrow\b"), lambda _, day: day + timedelta(1)),
        (re.compile(r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b"), lambda _, day: day),
        (re.compile(rf"\b(?P<name>{'|'.join(_WEEKDAYS)})\b"), lambda match, day: _weekday(match["name"], day)),
        (re.compile(r"\bin (?P<count>\d{1,4}|a) days?\b"), lambda match, day: _later(match["count"], day)),
        (re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\b"), _in_month),
        (re.compile(rf"\b(?P<month>{_MONTH}) (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"), _in_month),
        (re.compile(rf"\bthe (?P<day>\d{{1,2}})(?:st|nd|rd|th)\b(?! (?:of )?(?:{_MONTH}))"), _day_of_month),
        (re.compile(r"\bchristmas\b"), lambda _, day: _next(12, 25, day)),
    ]


def _weekday(name: str, day: date) -> date:
    """The first such day after this one; who means today says so."""
    ahead = (_WEEKDAYS.index(name) - day.weekday()) % 7
    return day + timedelta(ahead or 7)


def _later(count: str, day: date) -> date | None:
    days = 1 if count == "a" else int(count)
    return day + timedelta(days) if days <= _FARTHEST else None


def _in_month(match: re.Match[str], day: date) -> date | None:
    return _next(_MONTHS.index(match["month"]) + 1, int(match["day"]), day)


def _next(month: int, number: int, day: date) -> date | None:
    """The first such day that is not past; None when there is none this year or next."""
    for year in (day.year, day.year + 1):
        try:
            named = date(year, month, number)
        except ValueError:
            continue
        if named >= day:
            return named
    return None


def _day_of_month(match: re.Match[str], day: date) -> date | None:
    month = day.replace(day=1)
    for _ in range(3):
        try:
            named = month.replace(day=int(match["day"]))
        except ValueError:
            return None
        if named >= day:
            return named
        month = (month + timedelta(32)).replace(day=1)
    return None
