"""What every error has in common."""

from __future__ import annotations

from typing import ClassVar

from diarist.errors.origin import Origin


class DiaristError(Exception):
    """Something went wrong in Diarist."""

    code: ClassVar[str] = "internal"
    """Stable name for machines; documented, never reused."""
    retryable: ClassVar[bool] = False
    """Whether doing the same again later can succeed."""
    retry_after: float | None = None
    """Seconds after which to try again, where that is known; such a wait does not use up one of a task's tries."""
    advice: ClassVar[str] = "Please report this, with the log lines around it."
    """What the person who sees the error can do about it."""
    origin: Origin | None = None
    """Where it came from, if it stands for another error, which may have been raised in another process."""

    def __init__(self, message: str | None = None, *, advice: str | None = None) -> None:
        first_line = (type(self).__doc__ or type(self).__name__).strip().splitlines()[0]
        self.message = message or first_line
        if advice is not None:
            self.advice = advice  # type: ignore[misc]  # an instance may know better than its class
        super().__init__(self.message)


class Misconfigured(DiaristError):
    """A setting has a value that cannot work."""

    code = "misconfigured"
    advice = "`diarist doctor` shows the settings in force and where each comes from."


def error_classes() -> dict[str, type[DiaristError]]:
    """Every class of the tree by its code, for rebuilding an error that crossed a process border."""
    classes: dict[str, type[DiaristError]] = {}
    pending: list[type[DiaristError]] = [DiaristError]
    while pending:
        cls = pending.pop()
        classes[cls.code] = cls
        pending.extend(cls.__subclasses__())
    return classes
