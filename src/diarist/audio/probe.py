"""Looks at a file and refuses what no transcript can come from."""

from __future__ import annotations

from pathlib import Path

from diarist.audio.decode import decode
from diarist.audio.track import open_track
from diarist.domain.audio import AudioInfo


def probe(path: Path) -> AudioInfo:
    """Open a recording and decode its first moment.

    Raises `UnreadableFile`, `Empty`, `NoSamples`, `NoAudioTrack`, `UnsupportedAudio` or `UndecodableAudio`.
    """
    with open_track(path) as track:
        blocks = decode(track)
        next(blocks)
        return track.info
