"""From the English name of a language, as OpenAI's API answers it, to its code."""

from __future__ import annotations

from collections.abc import Iterable

from diarist.adapters.transcription_engines.whisper_codes import known_as, told
from diarist.domain.languages import LANGUAGE_NAMES

_CODES = {name: code for code, name in LANGUAGE_NAMES.items()}


LANGUAGES = frozenset(LANGUAGE_NAMES)


def language_code(answered: str | None, wanted: Iterable[str] = ()) -> str | None:
    """The ISO 639-1 code of an answer such as `english`, `en` or `en-US`; None for what names no language.

    Of several that it may stand for, the one that was asked for.
    """
    name = (answered or "").strip().lower()
    code = known_as(_CODES.get(name) or name.replace("_", "-").partition("-")[0], LANGUAGES)
    return code and told(code, wanted, LANGUAGES)
