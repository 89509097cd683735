"""What an engine is told before it hears: the hints of a job, a recording, its account and the settings together; pure."""

from __future__ import annotations

from diarist.domain.hints import MAX_TERMS, NO_HINTS, Hints
from diarist.domain.manner import USUAL, Manner
from diarist.ports.transcription_engine import Guidance
from diarist.settings import EngineSettings


def guidance_for(
    recording: Hints | None,
    account: Hints | None,
    settings: EngineSettings,
    *,
    recording_seconds: float | None = None,
    manner: Manner = USUAL,
) -> Guidance:
    """Whoever is nearest to the job and says anything of languages decides on them; vocabularies are joined."""
    levels = [manner.hints, recording or NO_HINTS, account or NO_HINTS]
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
        task=manner.task,
        temperature=manner.temperature,
        model=manner.model,
    )
