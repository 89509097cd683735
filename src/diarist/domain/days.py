"""The days of a diary: in the owner's time zone, and each begins when its owner has gone to bed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from diarist.errors import InvalidInput

BEGINS = time(4)
"""Until then it is still the day before, unless the owner says otherwise."""
LATEST = time(12)
"""A day that began after noon would not have the date that people give it."""
_A_DAY = timedelta(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Divides time into days: each moment belongs to exactly one, and where one ends the next begins.

    A day begins when the clocks of its zone show `begins` for the first time that date. Where they leap over it, the day begins
    as long after the leap as it would have begun after the leap's start; so a day has 23 to 25 hours where clocks change, and
    one that a place has skipped (Samoa, 30 December 2011) has none.
    """

    zone: ZoneInfo
    begins: time = BEGINS
    """Hours and minutes."""

    def day_of(self, moment: datetime) -> date:
        """The day that a moment, with a time zone, belongs to."""
        shown = moment.astimezone(self.zone).replace(tzinfo=None)
        # Near a change of the clocks that is one off at most, for what they show is then no measure of what has passed.
        day = (shown - timedelta(hours=self.begins.hour, minutes=self.begins.minute)).date()
        while moment < self.start_of(day):
            day -= _A_DAY
        while moment >= self.end_of(day):
            day += _A_DAY
        return day

    def start_of(self, day: date) -> datetime:
        """The first moment of a day, in UTC."""
        try:
            return datetime.combine(day, self.begins, self.zone).astimezone(UTC)
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC) if day.year == date.min.year else datetime.max.replace(tzinfo=UTC)

    def end_of(self, day: date) -> datetime:
        """The first moment after a day, in UTC."""
        return self.start_of(day + _A_DAY) if day < date.max else datetime.max.replace(tzinfo=UTC)


def zone_of(name: str) -> ZoneInfo:
    """The time zone with an IANA name such as `Europe/Berlin`; raises `InvalidInput`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        # The names of folders, and what climbs out of them, raise what looking for a file raises.
        raise InvalidInput(
            f"there is no time zone {name!r}", advice="Use a name of the IANA time zones, such as Europe/Berlin or UTC."
        ) from error


def day_begin(text: str) -> time:
    """A time such as `04:00` as the beginning of days; raises `InvalidInput`."""
    try:
        begins = datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - what a clock shows, anywhere
    except ValueError:
        begins = None
    if begins is None or begins > LATEST:
        raise InvalidInput(
            f"a day cannot begin at {text!r}", advice=f"Give hours and minutes, 00:00 to {LATEST:%H:%M}, such as {BEGINS:%H:%M}."
        )
    return begins
