"""Answers of tus: the protocol's own headers on every one of them, problems included."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from diarist.errors import DiaristError
from diarist.http.errors import UnsupportedVersion
from diarist.http.idempotency import Handler, IdempotentRoute
from diarist.http.problem import problem_response
from diarist.recordings.uploads.models import UploadKind, UploadRow, UploadState
from diarist.recordings.uploads.protocol import PATH, VERSION, concat_header, expires_header

OVERRIDE = "X-HTTP-Method-Override"
"""The protocol's way out for clients that can only POST."""
_VERSIONED = {"HEAD", "POST", "PATCH", "DELETE"}


class TusRoute(IdempotentRoute):
    """A route that speaks tus."""

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def tus(request: Request) -> Response:
            try:
                if _names_another_version(request):
                    raise UnsupportedVersion
                response = await answer(request)
            except DiaristError as error:
                response = problem_response(request, error)
                if isinstance(error, UnsupportedVersion):
                    response.headers["Tus-Version"] = VERSION
            response.headers["Tus-Resumable"] = VERSION
            return response

        return tus


def _names_another_version(request: Request) -> bool:
    """Whether a request of the protocol, which a POST to an upload is only in another method's name, is not of our version."""
    foreign = request.method == "POST" and "upload_id" in request.path_params and OVERRIDE not in request.headers
    return request.method in _VERSIONED and not foreign and request.headers.get("tus-resumable") != VERSION


def address(public_url: str, upload: UploadRow) -> str:
    """Where the upload is found."""
    return f"{public_url.rstrip('/')}{PATH}/{upload.id}"


def offset_headers(public_url: str, upload: UploadRow) -> dict[str, str]:
    """How far an upload is, and what it has become."""
    headers = {"Upload-Offset": str(upload.received)}
    if upload.state is UploadState.OPEN or (upload.state is UploadState.WHOLE and upload.kind is UploadKind.PART):
        headers["Upload-Expires"] = expires_header(upload.expires_at)
    if upload.recording_id:
        headers["Diarist-Recording"] = f"{public_url.rstrip('/')}/v1/recordings/{upload.recording_id}"
    if upload.job_id:
        headers["Diarist-Job"] = f"{public_url.rstrip('/')}/v1/jobs/{upload.job_id}"
    return headers


def all_headers(public_url: str, upload: UploadRow) -> dict[str, str]:
    """All that HEAD tells."""
    headers = offset_headers(public_url, upload)
    if upload.length is None:
        headers["Upload-Defer-Length"] = "1"
    else:
        headers["Upload-Length"] = str(upload.length)
    if upload.metadata_header:
        headers["Upload-Metadata"] = upload.metadata_header
    if upload.kind is UploadKind.PART:
        headers["Upload-Concat"] = "partial"
    elif upload.part_ids:
        headers["Upload-Concat"] = concat_header(upload.part_ids)
    return headers
