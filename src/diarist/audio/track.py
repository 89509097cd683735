"""Opens a file's sound track with PyAV and translates FFmpeg's errors into ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.stream import Discard

from diarist.audio.header import read_header
from diarist.audio.moment import recorded_at
from diarist.domain.audio import AudioInfo
from diarist.errors import Empty, NoAudioTrack, NoSamples, UndecodableAudio, UnreadableFile, UnsupportedAudio

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext
    from av.audio.stream import AudioStream
    from av.container.input import InputContainer

_FORMATS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,eac3,flac,flv,gsm,loas,matroska,mov,mp3,mpeg,mpegts,ogg,"
    "tta,voc,w64,wav,webm,wv"
)
"""What people record in. Playlists and scripts are left out on purpose: they make FFmpeg open other files and addresses."""

RATES, CHANNELS = range(1000, 768_001), range(1, 65)
"""What recorders make, in Hz and in number; a damaged header claims anything, and its billions would take all memory."""

_UNFINISHED = (
    "The recorder did not finish writing this file, or copying it stopped early. Copy it again, or try a repair program."
)


@dataclass(frozen=True, slots=True)
class Track:
    """An open sound track."""

    container: InputContainer
    stream: AudioStream
    info: AudioInfo
    promised: float | None
    """Seconds that the header states; None when it states none or FFmpeg only estimates it from the size of the file."""
    expected: float | None
    """Best guess of what can be decoded, in seconds; for showing progress."""


@contextmanager
def open_track(path: Path) -> Iterator[Track]:
    """Open the first sound track of a file.

    Raises `UnreadableFile`, `Empty`, `NoAudioTrack`, `UnsupportedAudio` or `UndecodableAudio`.
    """
    _check_readable(path)
    header = read_header(path)
    options = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
    if header.ignore_length:
        options["ignore_length"] = "1"
    try:
        # "file:" because FFmpeg takes "10:30 memo.mp3" for an address; metadata may be in any encoding; only dates are used.
        container = av.open(f"file:{path}", "r", options=options, metadata_errors="ignore")
    except (av.FFmpegError, UnicodeError) as error:
        if header.empty or (header.known and isinstance(error, EOFError)):
            raise NoSamples from error
        if header.known:
            message = "The file is damaged or incomplete: what is needed to decode it is missing."
            raise UndecodableAudio(message, advice=_UNFINISHED) from error
        raise UnsupportedAudio from error
    with container:
        stream = _sound_of(container)
        expected = _duration(container, stream)
        promised = header.seconds or (expected if header.states_length and _tells_of_sound(container) else None)
        info = AudioInfo(
            container=container.format.name,
            codec=stream.codec_context.codec.canonical_name,
            sample_rate=stream.codec_context.sample_rate,
            channels=stream.codec_context.channels,
            declared_duration=promised or expected,
            recorded_at=recorded_at(container.metadata),
        )
        yield Track(container, stream, info, promised, expected)


def _check_readable(path: Path) -> None:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(f"The file cannot be read: {reason}.") from error
    if size == 0:
        raise Empty


def _sound_of(container: InputContainer) -> AudioStream:
    if not len(container.streams):
        raise NoSamples("The file holds neither sound nor pictures.")
    if not container.streams.audio:
        raise NoAudioTrack
    stream = container.streams.audio[0]
    codec: AudioCodecContext | None = stream.codec_context
    if codec is None:
        raise UnsupportedAudio("The sound track is in a format that Diarist cannot decode.")
    if codec.sample_rate not in RATES or codec.channels not in CHANNELS:  # 0 of anything that is called .mp3
        raise UnsupportedAudio
    for other in container.streams:
        if other is not stream:
            other.discard = Discard.all
    return stream


def _duration(container: InputContainer, stream: AudioStream) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / av.time_base


def _tells_of_sound(container: InputContainer) -> bool:
    """Whether a stated duration is that of the sound and not that of a whole film."""
    return len(container.streams) == 1 or "mp4" in container.format.name
