"""Puts a chunk through the sound filter that was chosen; whatever the filter does, no sound is lost by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from diarist.audio.flac import from_pcm, to_pcm
from diarist.plugins import load
from diarist.ports.sound_filter import OpenSoundFilter, SoundFilter

if TYPE_CHECKING:
    from numpy.typing import NDArray

GROUP = "diarist.sound_filters"
"""Entry points."""
_LEAST = 1e-3
"""Share of the power that is left of a chunk with speech; of voices in the loudest noise far more is."""
_TOLD = 200
"""Characters of a reason."""


@contextmanager
def sound_filter(name: str) -> Iterator[SoundFilter | None]:
    """The filter of that name while it is needed, None for no name. Raises `Misconfigured`."""
    if not name:
        yield None
        return
    opener: OpenSoundFilter = load(GROUP, name)
    opened = opener()
    try:
        yield opened
    finally:
        opened.close()


def filtered(chosen: SoundFilter | None, pcm: NDArray[np.int16], *, spoken: bool) -> tuple[NDArray[np.int16], str]:
    """The chunk with less noise; or the chunk as it is, and in words why the filter was not used.

    `pcm`: shape (n,), 16 kHz mono. `spoken`: whether voice was heard in it.
    """
    if chosen is None:
        return pcm, ""
    samples = from_pcm(pcm)
    power = float(np.square(samples).sum())
    try:
        clean = np.asarray(chosen.clean(samples), np.float32)
    except Exception as error:  # noqa: BLE001 - a plugin of anybody's: whatever it raises must not cost the sound
        return pcm, f"it failed with {type(error).__name__}: {error}"[:_TOLD]
    if clean.shape != pcm.shape:
        return pcm, f"it gave samples of shape {clean.shape} for {pcm.shape}"[:_TOLD]
    if not np.isfinite(clean).all():
        return pcm, "it gave samples that are no numbers"
    if spoken and float(np.square(clean).sum()) < _LEAST * power:
        return pcm, "it left next to nothing of a chunk in which somebody speaks"
    return to_pcm(clean), ""
