from __future__ import annotations

import pytest

from diarist.adapters.transcription_engines.whisper_codes import known_as, told

KNOWN = ("de", "en", "jw", "nn", "no")


@pytest.mark.parametrize(
    ("language", "code"), [("de", "de"), ("jv", "jw"), ("jw", "jw"), ("nb", "no"), ("nn", "nn"), ("no", "no"), ("xx", None)]
)
def test_a_language_has_the_code_that_the_model_knows(language: str, code: str | None) -> None:
    assert known_as(language, KNOWN) == code


def test_it_is_told_as_it_was_asked_for() -> None:
    assert told("no", ("en", "nb"), KNOWN) == "nb"
    assert told("no", ("nn", "no", "nb"), KNOWN) == "no"
    assert told("nn", ("nb",), KNOWN) == "nn"
    assert [told(code, (), KNOWN) for code in ("no", "jw", "de")] == ["no", "jv", "de"]
    assert told("jw", ("jw",), KNOWN) == "jv"
