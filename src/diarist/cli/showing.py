"""What `diarist show` tells of a recording."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import msgspec
from rich.text import Text

from diarist.cli.attendance import say_if_unattended
from diarist.cli.clock import clock, count, duration, moment, size
from diarist.cli.coverage_bar import bar, dropped, legend
from diarist.cli.finding import find, short
from diarist.cli.interruption import run
from diarist.cli.opening import Here, opened, settings_in_force
from diarist.cli.place import at_a_server
from diarist.cli.seen import entry_of, job_of, recording_of
from diarist.cli.tables import STATES, print_rows
from diarist.cli.terminal import print_json, results, room_for_bar, safe
from diarist.client import Entry, Job, Recording
from diarist.diary.repository import latest_entry
from diarist.domain.channels import speaker
from diarist.domain.coverage import Coverage
from diarist.domain.job import UNFINISHED, TaskState
from diarist.domain.transcript import Transcript
from diarist.errors import NotFound
from diarist.jobs.repository import latest_job, list_tasks
from diarist.jobs.service import view_job
from diarist.pipeline import PIPELINE
from diarist.recordings.repository import get_recording
from diarist.transcription.formats.json_document import coverage_to_json
from diarist.transcription.service import read_transcript

_LABELS = 14
"""Columns before and behind the values."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is told of a recording."""

    recording: Recording
    job: Job
    transcript: Transcript | None
    entry: Entry | None
    chunks: int
    """Parts that were cut so far."""
    chunks_done: int


def show_recording(typed: str, *, as_json: bool) -> None:
    """Print the recording that was typed."""
    picture = _at_a_server(typed) if at_a_server() else _here(typed)
    if as_json:
        print_json(_to_json(picture))
        return
    _print(picture)
    if not at_a_server():
        say_if_unattended(settings_in_force(), [picture.job])


def _here(typed: str) -> Picture:
    async def read() -> Picture:
        async with opened(settings_in_force()) as here:
            found = await find(here, typed)
            return await _picture(here, found.recording_id, found.job_id)

    return run(read())


def _at_a_server(typed: str) -> Picture:
    from diarist.cli.remote.reading import everything_of

    recording, job, transcript, entry, tasks = everything_of(typed)
    parts = {stage.name for stage in PIPELINE if stage.join}
    chunks = [task for task in tasks if task.stage in parts]
    done = sum(chunk.state is TaskState.SUCCEEDED for chunk in chunks)
    return Picture(recording, job, transcript, entry, len(chunks), done)


async def _picture(here: Here, recording_id: UUID, job_id: UUID) -> Picture:
    runtime, owner = here.runtime, here.account_id
    async with runtime.database.read() as session:
        recording = await get_recording(session, owner, recording_id)
        newest = await latest_job(session, owner, recording_id)
        entry = await latest_entry(session, owner, recording_id)
        parts = {stage.name for stage in runtime.stages if stage.join}
        chunks = [task for task in await list_tasks(session, owner, job_id) if task.stage in parts]
    try:
        transcript = await read_transcript(runtime, owner, recording_id)
    except NotFound:
        transcript = None
    return Picture(
        recording=recording_of(recording, newest),
        job=job_of(await view_job(runtime, owner, job_id, recording.best_duration)),
        transcript=transcript,
        entry=entry_of(entry),
        chunks=len(chunks),
        chunks_done=sum(chunk.state is TaskState.SUCCEEDED for chunk in chunks),
    )


def _to_json(picture: Picture) -> dict[str, object]:
    counts = {"chunks": picture.chunks, "chunks_done": picture.chunks_done} | _text_counts(picture.transcript)
    coverage = picture.transcript.coverage if picture.transcript else None
    return {
        "recording": msgspec.to_builtins(picture.recording),
        "job": msgspec.to_builtins(picture.job),
        "counts": counts,
        "channels": list(picture.transcript.channels.values()) if picture.transcript else [],
        "coverage": coverage_to_json(coverage) if coverage else None,
        "trust": picture.transcript.trust if picture.transcript else None,
        "entry": msgspec.to_builtins(picture.entry),
    }


def _text_counts(transcript: Transcript | None) -> dict[str, int]:
    segments = transcript.segments if transcript else ()
    return {
        "segments": len(segments),
        "words": sum(len(segment.text.split()) for segment in segments),
        "suspect": sum(bool(segment.suspicions) for segment in segments),
        "withdrawn": len(transcript.withdrawn) if transcript else 0,
    }


def _print(picture: Picture) -> None:
    results().print(Text(safe(picture.entry.title if picture.entry else picture.recording.filename), style="bold"))
    print_rows(_lines(picture))


def _lines(picture: Picture) -> Iterator[tuple[str, Text]]:
    recording, job, progress = picture.recording, picture.job, picture.job.progress
    yield "recording", Text(str(recording.id))
    yield "file", Text(f"{safe(recording.filename)}, {size(recording.size_bytes)}, {_dates(recording)}")
    if recording.codec:
        channels = count(recording.channels or 0, "channel")
        yield "sound", Text(f"{recording.codec} in {recording.container}, {recording.sample_rate} Hz, {channels}")
    if recording.duration is not None:
        claimed = " by its own header" if recording.speech_seconds is None else ""
        spoken = "" if recording.speech_seconds is None else f", {clock(recording.speech_seconds)} of it speech"
        yield "length", Text(f"{clock(recording.duration)}{claimed}{spoken}")
    yield "job", Text(str(job.id))
    yield "state", Text(job.state, style=STATES.get(job.state, ""))
    if job.state in UNFINISHED:
        speed = f", {progress.speed:.1f}x real time" if progress.speed else ""
        left = f", {duration(progress.eta)} left" if progress.eta is not None else ""
        yield "progress", Text(f"{progress.fraction:.0%}, {job.stage or 'done'}{speed}{left}")
    elif job.started_at and job.finished_at:
        yield "took", Text(duration((job.finished_at - job.started_at).total_seconds()))
    if job.error:
        yield "error", Text(f"{safe(job.error.message)}  ({job.error.code})", style="red")
    for warning in job.warnings:
        yield "warning", Text(f"{safe(warning.message)}  ({warning.code})", style="yellow")
    if picture.chunks:
        yield "parts", Text(f"{picture.chunks_done} of {picture.chunks} transcribed")
    if picture.transcript:
        yield from _transcript_lines(picture.transcript)
    if picture.entry:
        told = f"version {picture.entry.version}, composed by {safe(picture.entry.composed_by)}"
        yield "entry", Text(f"{told}; `diarist entry {short(recording.id)}` prints it")


def _dates(recording: Recording) -> str:
    """When it came, and when it was made if that is known."""
    made = f"recorded {moment(recording.recorded_at)}, " if recording.recorded_at else ""
    return f"{made}added {moment(recording.created_at)}"


def _transcript_lines(transcript: Transcript) -> Iterator[tuple[str, Text]]:
    counts = _text_counts(transcript)
    partial = ", so far" if transcript.partial else ""
    by = f"{transcript.engine} {transcript.model}".strip()
    by += f", filtered by {transcript.sound_filter}" if transcript.sound_filter else ""
    language = f", language {transcript.language}" if transcript.language else ""
    words, segments = count(counts["words"], "word"), count(counts["segments"], "segment")
    yield "transcript", Text(f"{words} in {segments}{partial}, by {by}{language}")
    if voices := transcript.channels:
        told = ", ".join(f"{speaker(channel)} {duration(seconds)}" for channel, seconds in voices.items())
        yield "voices", Text(f"one in each channel: {told} of text")
    if counts["suspect"] or counts["withdrawn"]:
        suspect, withdrawn = count(counts["suspect"], "segment"), count(counts["withdrawn"], "passage")
        yield "doubted", Text(f"{suspect} marked as suspect, {withdrawn} withdrawn")
    if transcript.coverage:
        yield from _coverage_lines(transcript.coverage)
    if transcript.trust is not None:
        yield "trust", Text(f"{transcript.trust} of 100{partial}")


def _coverage_lines(coverage: Coverage) -> Iterator[tuple[str, Text]]:
    ascii_only = results().options.ascii_only
    yield "coverage", bar(coverage, room_for_bar(_LABELS), ascii_only=ascii_only)
    yield "", legend(coverage, ascii_only=ascii_only)
    if places := dropped(coverage):
        yield "listen to", Text(f"{places}: a voice without text", style="red")
