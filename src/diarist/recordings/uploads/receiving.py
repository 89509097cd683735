"""Takes bytes of an upload in, in pieces that are durable before the upload's offset moves on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from diarist.database.base import new_id, utc_now
from diarist.errors import ChecksumMismatch, Conflict, NotAllowed, OffsetMismatch, TooLarge, UploadGone
from diarist.http.errors import MalformedRequest
from diarist.recordings.uploads import repository
from diarist.recordings.uploads.models import UploadKind, UploadRow, UploadState
from diarist.recordings.uploads.protocol import Checksum, Digest
from diarist.recordings.uploads.repository import Piece
from diarist.runtime import Runtime

PIECE_BYTES = 8 << 20
"""Bytes of one piece: what a killed API can lose, and what an upload may hold in memory."""
LEASE = 60.0
"""Seconds for which the replica that makes the recording is left alone; renewed while bytes flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """What the headers of a request say of the bytes that follow."""

    offset: int
    size: int | None = None
    """Bytes of the body; None when the client does not say."""
    length: int | None = None
    """Bytes of the whole upload, when the client says it only now."""
    checksum: Checksum | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """All bytes of an upload have come, and its recording is left to whoever holds this."""

    content: bytes | None
    """All its bytes where they came as one piece, of which nothing is stored; None where all is."""


async def find_usable(runtime: Runtime, account_id: UUID, upload_id: UUID, *kinds: UploadKind) -> UploadRow:
    """An upload that has not expired; raises `NotFound` or `UploadGone`."""
    async with runtime.database.glance() as session:
        upload = await repository.get_upload(session, account_id, upload_id, *kinds)
    late = upload.expires_at < utc_now() and upload.state is UploadState.OPEN
    if late or upload.state is UploadState.GONE:
        raise UploadGone(f"the upload {upload_id} has expired")
    return upload


async def append(runtime: Runtime, upload: UploadRow, patch: Patch, body: AsyncIterator[bytes]) -> Taken | None:
    """Add a request's body to an upload, which tells then how far it is; what comes back is for `complete`.

    What comes whole in one piece is not stored here: its way to a recording is no longer than that to a piece. Of anything else
    each piece counts without a checksum as soon as it is durable, so that a connection that breaks loses next to nothing; with
    one, all or none of the body counts. Raises `OffsetMismatch`, `TooLarge`, `ChecksumMismatch`, `Conflict`, `NotAllowed` and
    storage errors.
    """
    limit = await _room(runtime, upload, patch)
    if patch.offset:
        runtime.metrics.uploads.resumed.add()
    digest = patch.checksum.begin() if patch.checksum else None
    held: list[Piece] = []
    offset = patch.offset
    taken, whole = False, None
    try:
        async for data in grouped(body, PIECE_BYTES, keep_rest=digest is None):
            _check_fits(offset + len(data), limit)
            if digest:
                digest.update(data)
            if upload.kind is UploadKind.TUS and patch.size == upload.length == len(data):
                whole = data
                continue
            held.append(await _stored(runtime, upload, offset, data))
            offset += len(data)
            if digest is None:
                taken = await _count(runtime, upload, held, leased=_is_last(upload, patch, offset))
                held = []
        if digest and patch.checksum:
            _check_intact(digest, patch.checksum)
        if held:
            taken = await _count(runtime, upload, held, leased=_is_last(upload, patch, offset))
    except (MalformedRequest, TooLarge, ChecksumMismatch, OffsetMismatch):
        # Only then is it sure that no row names them: of a database that did not answer nobody knows what it has done.
        for piece in held:
            await runtime.blobs.delete(piece.blob_key)
        raise
    return Taken(whole) if taken or whole is not None else None


async def keep(runtime: Runtime, upload: UploadRow, content: bytes) -> None:
    """Store what came whole in one piece, of which no recording could be made for now; raises what `append` does."""
    piece = await _stored(runtime, upload, 0, content)
    try:
        await _count(runtime, upload, [piece], leased=False)
    except OffsetMismatch:
        await runtime.blobs.delete(piece.blob_key)
        raise


async def grouped(body: AsyncIterator[bytes], size: int, *, keep_rest: bool) -> AsyncIterator[bytes]:
    """The body in pieces of `size` bytes and a last one; `keep_rest`: also give what came before the connection broke."""
    buffer = bytearray()
    try:
        async for data in body:
            buffer += data
            while len(buffer) >= size:
                yield bytes(buffer[:size])
                del buffer[:size]
    except MalformedRequest:
        if keep_rest and buffer:
            yield bytes(buffer)
        raise
    if buffer:
        yield bytes(buffer)


def expiry(runtime: Runtime) -> timedelta:
    """How long an upload is kept after its last byte."""
    return timedelta(seconds=runtime.settings.uploads.expires)


async def _room(runtime: Runtime, upload: UploadRow, patch: Patch) -> int:
    """Where the upload must end at the latest, in bytes; refuses a request that cannot fit before anything of it is read."""
    if upload.part_ids:
        raise NotAllowed(
            "a concatenation takes no bytes of its own", advice="Send the bytes to its parts, before they are joined."
        )
    if patch.offset != upload.received:
        raise OffsetMismatch(f"the upload stands at {upload.received:,}, not at {patch.offset:,}")
    limit = upload.length
    if patch.length is not None and patch.length != limit:
        await _declare(runtime, upload, patch.length)
        limit = patch.length
    if limit is None:
        limit = runtime.settings.http.max_upload_bytes
    _check_fits(patch.offset + (patch.size or 0), limit)
    return limit


def _check_fits(end: int, limit: int) -> None:
    if end > limit:
        raise TooLarge(f"the upload holds {limit:,} bytes, no more")


def _check_intact(digest: Digest, checksum: Checksum) -> None:
    if digest.digest() != checksum.expected:
        raise ChecksumMismatch


async def _declare(runtime: Runtime, upload: UploadRow, length: int) -> None:
    if length > runtime.settings.http.max_upload_bytes:
        raise TooLarge(f"an upload may have {runtime.settings.http.max_upload_bytes:,} bytes")
    async with runtime.database.write() as session:
        if not await repository.declare_length(session, upload.id, length):
            raise Conflict("the upload's length is known already, or more than that has arrived")
    upload.length = length
    if upload.received == length:
        upload.state = UploadState.WHOLE


async def _stored(runtime: Runtime, upload: UploadRow, offset: int, data: bytes) -> Piece:
    piece = Piece(offset, len(data), f"{upload.blob_prefix}/{offset}-{new_id().hex}")
    await runtime.blobs.put(piece.blob_key, data)
    return piece


def _is_last(upload: UploadRow, patch: Patch, end: int) -> bool:
    """Whether nothing can follow in this request: what says its size cannot go on behind its last byte."""
    return patch.size is not None and end == patch.offset + patch.size and upload.kind is UploadKind.TUS


async def _count(runtime: Runtime, upload: UploadRow, pieces: list[Piece], *, leased: bool) -> bool:
    """Let pieces that are durable count; whether the upload is whole and its recording left to us, where that is wanted."""
    start, end = pieces[0].start, pieces[-1].start + pieces[-1].size
    expires_at = utc_now() + expiry(runtime)
    async with runtime.database.write() as session:
        state = await repository.advance(session, upload, start, pieces, expires_at, LEASE if leased else None)
    upload.received, upload.state, upload.expires_at = end, state, expires_at
    return leased and state is UploadState.WHOLE
