"""Recordings as they are given: how they come, how much they are, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from diarist.errors import DiaristError
from diarist.telemetry.metrics.catalogue import Catalogue, Counters


@dataclass(slots=True)
class TakingIn:
    """One recording that is being given; whoever takes it in says what it turned out to be."""

    size: int = 0
    """Bytes."""
    known: bool = False
    """Whether these very bytes were here already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadMetrics:
    """By protocol: `multipart`, `tus`, `presigned`, `url`, `compat`, and `file` for those of this machine."""

    uploads: Counters
    upload_bytes: Counters
    refusals: Counters
    resumed: Counters

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        return cls(
            uploads=catalogue.counters(
                "diarist_uploads_total",
                "Recordings that were given, by how they came and whether they are new: accepted, known, refused.",
                ("protocol", "outcome"),
            ),
            upload_bytes=catalogue.counters(
                "diarist_upload_bytes_total", "Bytes of recordings that arrived, by how they came.", ("protocol",), unit="bytes"
            ),
            refusals=catalogue.counters(
                "diarist_upload_refusals_total", "Recordings that were refused, by the code of the error.", ("code",), most=60
            ),
            resumed=catalogue.counters(
                "diarist_upload_resumptions_total", "Requests that went on with an upload where it stood."
            ),
        )

    @contextmanager
    def taking_in(self, protocol: str) -> Iterator[TakingIn]:
        """Round one."""
        taking = TakingIn()
        try:
            yield taking
        except DiaristError as error:
            self.uploads.add(protocol, "refused")
            self.refusals.add(error.code)
            raise
        self.uploads.add(protocol, "known" if taking.known else "accepted")
        self.upload_bytes.add(protocol, by=taking.size)
