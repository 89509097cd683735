"""What an engine is told before it hears: the hints of a recording, of its account and of the settings, put together; pure."""

from __future__ import annotations

from diarist.domain.hints import MAX_TERMS, NO_HINTS, Hints
from diarist.ports.transcription_engine import Guidance
from diarist.settings import EngineSettings


def guidance_for(
    recording: Hints | None, account: Hints | None, settings: EngineSettings, *, recording_seconds: float | None = None
) -> Guidance:
    """Whoever is nearest to the recording and says anything of languages decides on them; vocabularies are joined."""
    levels = [recording or NO_HINTS, account or NO_HINTS]
    installation = Hints(language=settings.language, languages=tuple(settings.languages))
    spoken = next((level for level in levels if level.language or level.languages), installation)
    terms: dict[str, str] = {}
    for level in levels:
        for term in level.vocabulary:
            terms.setdefault(term.casefold(), term)
    return Guidance(
        language=spoken.language,
        languages=spoken.languages,
        recording_seconds=recording_seconds,
        vocabulary=tuple(terms.values())[:MAX_TERMS],
    )
