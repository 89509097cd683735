"""Every route of Diarist, and which of the two APIs of a fleet serves it."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.routing import APIRoute

from diarist.accounts.keys.routes import router as keys
from diarist.accounts.own.routes import router as account
from diarist.accounts.sign_in.routes import router as sign_in
from diarist.accounts.users.routes import router as users
from diarist.compat.asr_webservice import SHAPE as ASR_WEBSERVICE
from diarist.compat.asr_webservice import router as asr_webservice
from diarist.compat.deepgram.routes import router as deepgram
from diarist.compat.deepgram.schemas import SHAPE as DEEPGRAM
from diarist.compat.openai.audio_routes import router as openai_audio
from diarist.compat.openai.model_routes import router as openai_models
from diarist.compat.openai.shape import SHAPE as OPENAI
from diarist.compat.openai.upload_routes import router as openai_uploads
from diarist.costs.routes import router as costs
from diarist.diary.days.routes import router as days
from diarist.diary.recording_routes import router as recording_changes
from diarist.diary.routes import router as entries
from diarist.http.routing import chosen, reads
from diarist.jobs.routes import router as jobs
from diarist.live.socket_routes import router as socket
from diarist.live.stream_routes import router as streams
from diarist.monitoring.failure_routes import router as failures
from diarist.notices.routes import router as notices
from diarist.notifications.routes import router as subscriptions
from diarist.receipts.routes import router as receipts
from diarist.recordings.import_routes import router as imports
from diarist.recordings.routes import router as recordings
from diarist.recordings.uploads.presigned_routes import router as presigned_uploads
from diarist.recordings.uploads.tus_routes import router as tus
from diarist.transcription.routes import router as transcripts
from diarist.usage.routes import router as usage

_UPLOADS = (presigned_uploads, imports, tus)
"""What they say of an upload on its way is said where its bytes arrive."""
_COMPAT = (openai_audio, openai_models, openai_uploads, asr_webservice, deepgram)
"""Of other people's APIs all is served in one place: their clients know one address."""
SHAPES = (OPENAI, ASR_WEBSERVICE, DEEPGRAM)
"""How their errors look."""
_WRITTEN = (*_UPLOADS, sign_in, *_COMPAT)
"""Served whole by those who write."""
_SHARED = (
    recordings, recording_changes, transcripts, entries, days, jobs, receipts, usage, costs, notices, account, keys, users,
    subscriptions, failures,
)  # fmt: skip
_LIVE = (streams, socket)
"""Told by every API: whoever follows a `Location` may follow the work there as well."""
_LOCATED = {"/v1/jobs/{job_id}", "/v1/recordings/{recording_id}"}
"""Addresses that the answers to writes name; whoever follows them does so on the same port."""


def everything() -> tuple[APIRouter, ...]:
    """All routes, for one process that serves them."""
    # Uploads first: their fixed paths stand beside `/{recording_id}`, which would take them for ids.
    return (*_WRITTEN, *_SHARED, *_LIVE)


def writing() -> tuple[APIRouter, ...]:
    """Those that change something, and those that their answers lead to."""
    return (*_WRITTEN, *(chosen(router, _is_for_writers) for router in _SHARED), *_LIVE)


def reading() -> tuple[APIRouter, ...]:
    """Those that only look."""
    return (*(chosen(router, reads) for router in _SHARED), *_LIVE)


def _is_for_writers(route: APIRoute) -> bool:
    return not reads(route) or (route.path in _LOCATED)
