"""The story of a recording: the stages it goes through, in order."""

from __future__ import annotations

from diarist.domain.job import Stage

TRANSCRIBED = "merge"
"""The stage after which there is a transcript: a job that is to make no entry ends here."""
PIPELINE = (
    Stage("inspect", "diarist.recordings.tasks:inspect", queue="audio", then="plan"),
    Stage(
        "plan",
        "diarist.transcription.tasks:plan",
        queue="audio",
        then="transcribe",
        fan_out=True,
        warnings=("sound_filter_failed",),
    ),
    Stage(
        "transcribe",
        "diarist.transcription.tasks:transcribe",
        queue="transcription",
        then="merge",
        join=True,
        warnings=("second_hearing_failed",),
    ),
    Stage("merge", "diarist.transcription.tasks:merge", queue="audio", then="compose"),
    Stage("compose", "diarist.diary.tasks:compose", queue="llm"),
)
