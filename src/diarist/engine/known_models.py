"""Whisper models by the names that people use, and the repositories of the Hugging Face hub that hold them for CTranslate2."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that has a short name."""

    name: str
    repository: str
    megabytes: int
    """About what has to be fetched."""

    @property
    def english_only(self) -> bool:
        """Whether it hears nothing but English."""
        return self.name.endswith(".en") or self.name.startswith("distil-large")


KNOWN_MODELS = {
    model.name: model
    for model in (
        KnownModel("tiny", "Systran/faster-whisper-tiny", 78),
        KnownModel("tiny.en", "Systran/faster-whisper-tiny.en", 78),
        KnownModel("base", "Systran/faster-whisper-base", 148),
        KnownModel("base.en", "Systran/faster-whisper-base.en", 148),
        KnownModel("small", "Systran/faster-whisper-small", 486),
        KnownModel("small.en", "Systran/faster-whisper-small.en", 486),
        KnownModel("medium", "Systran/faster-whisper-medium", 1530),
        KnownModel("medium.en", "Systran/faster-whisper-medium.en", 1530),
        KnownModel("large-v2", "Systran/faster-whisper-large-v2", 3090),
        KnownModel("large-v3", "Systran/faster-whisper-large-v3", 3090),
        KnownModel("turbo", "mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1620),
        KnownModel("distil-large-v3", "Systran/faster-distil-whisper-large-v3", 1520),
    )
}
