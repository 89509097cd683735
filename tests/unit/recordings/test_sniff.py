from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from diarist.errors import UnsupportedAudio
from diarist.recordings.sniff import HEAD_BYTES, other_kind, refuse_other_files
from made_audio import beep, write_audio


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "hello")
    return file.getvalue()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (zipped(), "ZIP"),
        (gzip.compress(b"hello", mtime=0), "gzip"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "JPEG"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (Path("/proc/self/exe").read_bytes()[:64] if Path("/proc/self/exe").exists() else b"\x7fELF", "program"),
        (b"MZ\x90\0" + bytes(60) + b"This program cannot be run in DOS mode", "program"),
        (b"  <!DOCTYPE html><title>404</title>", "web page"),
        (json.dumps({"error": "not logged in"}).encode(), "JSON"),
        (b"#EXTM3U\nhttp://somewhere/else.mp3\n", "text"),
        ("Tagebuch, überall gänzlich ohne Töne ".encode() * 20, "text"),
    ],
)
def test_what_surely_is_no_recording_is_named(head: bytes, kind: str) -> None:
    assert kind in str(other_kind(head[:HEAD_BYTES]))
    with pytest.raises(UnsupportedAudio, match=kind):
        refuse_other_files(head)


def test_a_character_that_is_cut_off_does_not_make_a_recording_of_a_text() -> None:
    head = ("a" * (HEAD_BYTES - 1) + "ü").encode()
    assert other_kind(head[:HEAD_BYTES]) == "text"


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [("wav", "pcm_s16le"), ("mp3", "mp3"), ("m4a", "aac"), ("flac", "flac"), ("ogg", "libopus"), ("webm", "libopus"),
     ("aiff", "pcm_s16be"), ("aac", "aac"), ("mka", "flac"), ("caf", "pcm_s16le"), ("w64", "pcm_s16le"), ("au", "pcm_s16be"),
     ("avi", "mp3"), ("wma", "mp3"), ("ac3", "ac3"), ("tta", "tta"), ("wv", "wavpack")],
)  # fmt: skip
def test_every_kind_of_recording_passes(tmp_path: Path, suffix: str, codec: str) -> None:
    container = {"wma": "asf", "mka": "matroska", "aac": "adts"}.get(suffix)
    path = write_audio(tmp_path / f"a.{suffix}", np.stack([beep(0.5, 48_000)] * 2), 48_000, codec, container=container)
    refuse_other_files(path.read_bytes())


@pytest.mark.parametrize(
    "head", [b"", b"\0", b"short", bytes(600), b"#!AMR\n\x3c\x91\x17\x16\xbe\x66\x79\xe1\xe0\x01", b"\xff\xfb\x90\x64" * 9]
)
def test_what_is_unknown_passes(head: bytes) -> None:
    refuse_other_files(head)
