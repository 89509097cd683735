from __future__ import annotations

import pytest

from diarist.domain.hints import MAX_TERMS, Hints
from diarist.settings import EngineSettings
from diarist.transcription.guidance import guidance_for

GERMAN, BOTH = Hints(language="de"), Hints(languages=("de", "en"))
INSTALLED = EngineSettings(language="fr")


@pytest.mark.parametrize(
    ("recording", "account", "language", "languages"),
    [
        (None, None, "fr", ()),
        (GERMAN, BOTH, "de", ()),
        # Who says which may be detected wants detection, whatever is said further off.
        (BOTH, GERMAN, None, ("de", "en")),
        (None, BOTH, None, ("de", "en")),
        (Hints(vocabulary=("Anna",)), GERMAN, "de", ()),
    ],
)
def test_the_nearest_decides_on_languages(
    recording: Hints | None, account: Hints | None, language: str | None, languages: tuple[str, ...]
) -> None:
    guidance = guidance_for(recording, account, INSTALLED)
    assert (guidance.language, guidance.languages) == (language, languages)


def test_the_installation_may_restrict_what_is_detected() -> None:
    assert guidance_for(None, None, EngineSettings(languages=("de", "en"))).languages == ("de", "en")


def test_the_installations_languages_may_be_written_in_capitals() -> None:
    assert guidance_for(None, None, EngineSettings(language="DE")).language == "de"
    assert guidance_for(None, None, EngineSettings(languages=("DE", "En"))).languages == ("de", "en")


def test_vocabularies_are_joined_the_recordings_own_first_and_stay_bounded() -> None:
    account = Hints(vocabulary=("grünwald", *(f"word{n}" for n in range(MAX_TERMS))))
    joined = guidance_for(Hints(vocabulary=("Anna", "Grünwald")), account, INSTALLED).vocabulary
    assert joined[:3] == ("Anna", "Grünwald", "word0")
    assert len(joined) == MAX_TERMS


def test_an_engine_is_told_how_long_the_recording_is() -> None:
    assert guidance_for(None, None, INSTALLED, recording_seconds=61.5).recording_seconds == 61.5
