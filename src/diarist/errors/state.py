"""What was asked for does not fit what there is, or is not allowed."""

from __future__ import annotations

from diarist.errors.base import DiaristError


class NotFound(DiaristError):
    """There is no such thing here."""

    code = "not_found"
    advice = "Check the id; `diarist list` shows what there is."


class UploadGone(NotFound):
    """The upload has expired."""

    code = "upload_gone"
    advice = "Begin a new upload; what had arrived was deleted."


class NotSupported(DiaristError):
    """This installation cannot do that."""

    code = "not_supported"
    advice = "Use another way; /docs shows what there is."


class Conflict(DiaristError):
    """The state of things does not allow this now."""

    code = "conflict"
    advice = "Look at the current state and decide again."


class OffsetMismatch(Conflict):
    """The upload stands at another offset."""

    code = "offset_mismatch"
    advice = "Ask for the offset with HEAD and go on from there; somebody else may be sending the same upload."


class LeaseLost(Conflict):
    """The task was cancelled, or another worker owns it now."""

    code = "lease_lost"


class StageUnknown(Conflict):
    """This program is older than whatever put the task down, and does not know its stage."""

    code = "stage_unknown"
    retryable = True
    retry_after = 5.0
    """A newer program takes it, sooner or later; nothing is given up meanwhile."""
    advice = "It is left to newer programs. Finish the upgrade; after a roll-back, it waits until the newer version comes again."


class WrittenMeanwhile(Conflict):
    """Somebody else wrote the same at this very moment."""

    code = "written_meanwhile"
    retryable = True
    advice = "Try again: what was written by then is found."


class NotAllowed(DiaristError):
    """This is not allowed."""

    code = "not_allowed"
    advice = "Ask the owner of the account."


class Unauthenticated(NotAllowed):
    """Nobody is let in here without a valid key."""

    # One message for all, whether a key is missing, unknown, expired or revoked: guessing must teach nothing.
    code = "unauthenticated"
    advice = (
        "Send a key as `Authorization: Bearer diarist_…`; the one that was sent, if any, is unknown, has expired or was revoked. "
        "`diarist keys create` makes one."
    )


class LimitReached(DiaristError):
    """A limit that was set is reached."""

    code = "limit_reached"
    advice = "Wait until it is over, or raise the limit."


class BudgetSpent(LimitReached):
    """The budget for language models does not cover this."""

    code = "budget_spent"
    advice = "Diaries are written without a model meanwhile. Wait for the next day or month, or give the account a larger budget."
