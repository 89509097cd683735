"""faster-whisper's model, with a way back to its decoder for what its encoder gave before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel

if TYPE_CHECKING:
    from numpy.typing import NDArray


class CTranslate2Whisper(WhisperModel):  # type: ignore[misc]  # faster-whisper is not typed
    """Wholly in CTranslate2."""

    encodes_singly = False
    """Whether several windows at once take no less time than one after the other."""

    def encoded(self, states: NDArray[np.float32]) -> Any:
        """What `encode` returned for windows, once more; shape (windows, states, width)."""
        return ctranslate2.StorageView.from_array(np.ascontiguousarray(states))
