"""The options of a request to listen: what is done, what is taken and changes nothing, and what cannot be had."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import QueryParams

from diarist.compat.given_hints import given_hints
from diarist.compat.model_names import ModelNotOffered, model_of
from diarist.domain.hints import MAX_TERMS, Hints
from diarist.domain.manner import Manner
from diarist.http.errors import UnsupportedValue
from diarist.settings import Settings

_TRUE = frozenset({"true", "1", ""})
_FALSE = frozenset({"false", "0"})
_NOT_HERE = (
    "callback", "custom_intent", "custom_topic", "detect_entities", "diarize", "diarize_model", "dictation", "intents",
    "measurements", "numerals", "paragraphs", "profanity_filter", "redact", "replace", "search", "sentiment",
    "summarize", "topics",
)  # fmt: skip
"""What would change the answer, and is not done here."""
_APART = "Voices in channels of their own are told apart by `multichannel=true`; others are not."
_INSTEAD = {"diarize": _APART, "diarize_model": _APART}
"""What comes nearest."""
_IN_FILES = frozenset({"flac", "opus", "amr-nb", "amr-wb", "speex"})
"""Encodings that come with a header of their own."""
_MOST_CHANNELS = 2
_RATES = 8_000, 48_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A request that can be answered."""

    manner: Manner
    punctuate: bool
    """Whether the text is as written; else it is bare words in small letters."""
    utterances: bool
    utt_split: float
    """Seconds of a pause between utterances."""
    detect_language: bool
    multichannel: bool
    """Whether each channel with a voice of its own is told by itself."""
    raw: tuple[int, int] | None
    """Rate in Hz and channels of samples that come without a header; None for a file."""


def read_options(query: QueryParams, settings: Settings) -> Options:
    """What the query asks for; raises `UnsupportedValue`."""
    for name in _NOT_HERE:
        if any(value.lower() not in _FALSE for value in query.getlist(name)):
            raise UnsupportedValue(name, f"{name} cannot be had here", advice=_INSTEAD.get(name, "Ask without it."))
    detect = query.getlist("detect_language")
    return Options(
        manner=Manner(model=_model(query.get("model", ""), settings), hints=_hints(query, detect)),
        punctuate=_on(query, "punctuate") or _on(query, "smart_format"),
        utterances=_on(query, "utterances"),
        utt_split=_number(query, "utt_split", 0.8, 0.1, 60.0),
        detect_language=bool(detect) and detect != ["false"],
        multichannel=_on(query, "multichannel"),
        raw=_raw(query),
    )


def _model(name: str, settings: Settings) -> str:
    """One of ours by its name; all of Deepgram's stand for whichever hears such a recording."""
    try:
        return model_of(name, settings)
    except ModelNotOffered:
        return ""


def _hints(query: QueryParams, detect: list[str]) -> Hints:
    language = query.get("language", "").partition("-")[0].lower()
    known = None if language in {"", "multi"} or (detect and detect != ["false"]) else language
    allowed = [
        code.partition("-")[0] for one in detect for code in one.split(",") if code.lower() not in {"true", "false", "1", "0"}
    ]
    # A keyword may carry a weight behind a colon.
    terms = [*query.getlist("keyterm"), *(keyword.partition(":")[0] for keyword in query.getlist("keywords"))]
    return given_hints(known, allowed, terms[:MAX_TERMS], told_in="keyterm")


def _raw(query: QueryParams) -> tuple[int, int] | None:
    if query.get("encoding", "flac") in _IN_FILES:
        return None
    if query["encoding"] != "linear16":
        raise UnsupportedValue("encoding", "of samples without a header only linear16 is taken", advice="Send a file.")
    rate = _number(query, "sample_rate", 0, *_RATES)
    return int(rate), int(_number(query, "channels", 1, 1, _MOST_CHANNELS))


def _on(query: QueryParams, name: str) -> bool:
    value = query.get(name, "false").lower()
    if value not in _TRUE | _FALSE:
        raise UnsupportedValue(name, "it has to be true or false")
    return value in _TRUE


def _number(query: QueryParams, name: str, otherwise: float, least: float, most: float) -> float:
    try:
        value = float(query.get(name, otherwise))
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise UnsupportedValue(name, f"it has to be a number from {least:g} to {most:g}")
    return value
