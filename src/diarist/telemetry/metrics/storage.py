"""What the blob store is asked, how long that takes, and how many bytes go each way."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Self

from diarist.telemetry.metrics.catalogue import QUICK, Catalogue, Counters, Histograms, timed


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageMetrics:
    """Operations are the verbs of `Blobs`; a stream counts as one `read` for each of its pieces."""

    seconds: Histograms
    errors: Counters
    read: Counters
    written: Counters

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        return cls(
            seconds=catalogue.histograms(
                "diarist_blob_operation_duration_seconds",
                "Time of one operation on the blob store; of a put, as long as its bytes take to come.",
                ("operation",),
                buckets=(*QUICK, 120.0, 600.0),
                unit="seconds",
            ),
            errors=catalogue.counters(
                "diarist_blob_errors_total",
                "Operations on the blob store that failed; what is not there is no error.",
                ("operation",),
            ),
            read=catalogue.counters(
                "diarist_blob_read_bytes_total",
                "Bytes that were read from the blob store; files of a folder that children open themselves are left out.",
                unit="bytes",
            ),
            written=catalogue.counters(
                "diarist_blob_written_bytes_total", "Bytes that were put into the blob store.", unit="bytes"
            ),
        )

    def counted(self, content: bytes | AsyncIterable[bytes]) -> bytes | AsyncIterable[bytes]:
        """The same, counted as it is written."""
        if isinstance(content, bytes):
            self.written.add(by=len(content))
            return content
        return self._counted(content)

    async def _counted(self, pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        async for piece in pieces:
            self.written.add(by=len(piece))
            yield piece

    def operation(self, name: str, *expected: type[Exception]) -> AbstractContextManager[None]:
        """Round one; `expected` is no error."""
        return timed(self.seconds, self.errors, name, expected)
