"""Changes of recordings over HTTP; they stand here because the day to which one belongs is counted in its entry."""

from __future__ import annotations

from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.accounts.hint_fields import HintFields
from diarist.diary.recording_service import Changes, change_recording
from diarist.errors import InvalidInput, NotFound, StorageFull
from diarist.http.errors import MalformedRequest, PreconditionFailed
from diarist.http.openapi import problems
from diarist.http.preconditions import IfMatch
from diarist.http.resources import ResourceRoute
from diarist.recordings.schemas import Recording, recording_from_row

router = APIRouter(prefix="/v1/recordings", tags=["recordings"], route_class=ResourceRoute)


def _written(value: Any) -> Any:
    # By itself pydantic takes a number for seconds since 1970; the description speaks of text.
    if isinstance(value, int | float):
        raise ValueError("give it as text, as in 2026-11-03T19:20:11+01:00")  # noqa: TRY004 - what pydantic takes for a finding
    return value


class RecordingChange(BaseModel):
    """What is to be different; what is left out stays as it is."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        extra="forbid",
        json_schema_extra={"minProperties": 1, "examples": [{"filename": "Tuesday evening.m4a"}]},
    )

    filename: Annotated[str, Field(min_length=1, max_length=1000, examples=["Tuesday evening.m4a"])] = ""
    """What it is called, for people."""
    recorded_at: Annotated[AwareDatetime | None, BeforeValidator(_written)] = None
    """When it was made, with its offset from UTC; null for when it came."""
    hints: HintFields | None = None
    """What is known of it; what is heard from now on follows it. Null for nothing."""

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing is to be changed")
        return self

    def changes(self) -> Changes:
        """What was given; raises `InvalidInput`."""
        found = Changes()
        if "filename" in self.model_fields_set:
            found["filename"] = self.filename
        if "recorded_at" in self.model_fields_set:
            found["recorded_at"] = self.recorded_at
        if "hints" in self.model_fields_set:
            found["hints"] = self.hints.checked() if self.hints else None
        return found


@router.patch("/{recording_id}", responses=problems(MalformedRequest, NotFound, InvalidInput, PreconditionFailed, StorageFull))
async def edit_recording(
    recording_id: UUID, change: RecordingChange, runtime: CurrentRuntime, account_id: CurrentAccount, seen: IfMatch
) -> Recording:
    """Say what a recording is called, when it was made, or what is known of what is said in it.

    Another moment moves it to another day, and its due dates are counted from there. The sound itself never changes.
    """
    row, job = await change_recording(
        runtime, account_id, recording_id, change.changes(), lambda row, job: seen.require(recording_from_row(row, job))
    )
    return recording_from_row(row, job)
