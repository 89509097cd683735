"""The fields of OpenAI's two audio requests: what is asked for, or why it cannot be had."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from diarist.compat.given_hints import given_hints
from diarist.compat.model_names import ModelNotOffered, model_of
from diarist.compat.phrases import phrases
from diarist.domain.manner import Manner, SpeechTask
from diarist.http.errors import UnsupportedValue
from diarist.settings import Settings

FIELDS = (
    "model", "language", "languages[]", "prompt", "keywords[]", "response_format", "temperature", "stream", "store",
    "timestamp_granularities[]", "timestamp_granularities", "include[]", "include", "chunking_strategy",
    *(f"chunking_strategy[{part}]" for part in ("type", "threshold", "prefix_padding_ms", "silence_duration_ms")),
    "known_speaker_names[]", "known_speaker_references[]",
)  # fmt: skip
"""Names that are read; lists come as several fields of one name."""

_NO_SPEAKERS = "nobody is known by their voice here"


class ResponseFormat(StrEnum):
    """What the answer looks like."""

    JSON = "json"
    TEXT = "text"
    SRT = "srt"
    VERBOSE_JSON = "verbose_json"
    VTT = "vtt"
    DIARIZED_JSON = "diarized_json"
    """Where each voice has a channel of its own; of transcriptions alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request that can be answered."""

    manner: Manner
    form: ResponseFormat
    segments: bool
    """Whether `verbose_json` has segments."""
    words: bool
    """Whether it has words."""
    logprobs: bool
    stream: bool
    store: bool


def read_form(texts: Mapping[str, str], task: SpeechTask, settings: Settings) -> Wanted:
    """What the fields ask for; raises `UnsupportedValue` and `ModelNotOffered`."""
    _refuse_what_cannot_be_had(texts)
    form = _form(texts.get("response_format", ""), task)
    granularities = set(_several(texts, "timestamp_granularities")) or {"segment"}
    if unknown := granularities - {"word", "segment"}:
        raise UnsupportedValue("timestamp_granularities[]", f"{min(unknown)[:40]!r} has no times; word and segment have")
    if "word" in granularities and form is not ResponseFormat.VERBOSE_JSON:
        raise UnsupportedValue("timestamp_granularities[]", "words are told in the response_format verbose_json alone")
    include = set(_several(texts, "include"))
    if include - {"logprobs"}:
        raise UnsupportedValue("include[]", "only logprobs can be included")
    if include and form is not ResponseFormat.JSON:
        raise UnsupportedValue("include[]", "logprobs are told in the response_format json alone")
    stream = _switch(texts, "stream", otherwise=False)
    if stream and form not in {ResponseFormat.JSON, ResponseFormat.TEXT}:
        raise UnsupportedValue("stream", f"{form.value} cannot be streamed", advice="Ask for json, or do not stream.")
    return Wanted(
        manner=_manner(texts, task, settings),
        form=form,
        segments="segment" in granularities,
        words="word" in granularities,
        logprobs=bool(include),
        stream=stream,
        store=_switch(texts, "store", otherwise=settings.compat.store),
    )


def _manner(texts: Mapping[str, str], task: SpeechTask, settings: Settings) -> Manner:
    name = texts.get("model", "").strip()
    if not name:
        raise UnsupportedValue("model", "a model has to be named", advice=ModelNotOffered.advice)
    model = model_of(name, settings)
    vocabulary = [*_several(texts, "keywords"), *phrases(texts.get("prompt", ""))]
    given = given_hints(texts.get("language"), _several(texts, "languages"), vocabulary, told_in="prompt")
    return Manner(task=task, model=model, temperature=_temperature(texts.get("temperature", "")), hints=given)


def _refuse_what_cannot_be_had(texts: Mapping[str, str]) -> None:
    if any(texts.get(name) for name in ("known_speaker_names[]", "known_speaker_references[]")):
        raise UnsupportedValue("known_speaker_names[]", _NO_SPEAKERS, advice="Leave the names out.")
    strategy = {name: text for name, text in texts.items() if name.startswith("chunking_strategy") and text.strip()}
    if given := strategy.pop("chunking_strategy", ""):
        strategy |= {f"chunking_strategy[{name}]": str(value) for name, value in _strategy(given).items()}
    if strategy.pop("chunking_strategy[type]", "server_vad") != "server_vad":
        raise UnsupportedValue("chunking_strategy", "there are only auto and server_vad")
    if strategy:
        raise UnsupportedValue(
            "chunking_strategy", "recordings are cut where nobody speaks, by rules that cannot be set", advice="Send auto."
        )


def _strategy(text: str) -> Mapping[str, object]:
    if text.strip() == "auto":
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UnsupportedValue("chunking_strategy", "it is neither auto nor an object")
    return found


def formats(task: SpeechTask) -> list[str]:
    """What an answer may look like; who spoke is told of what was said, not of its translation."""
    return [form.value for form in ResponseFormat if task is SpeechTask.TRANSCRIBE or form is not ResponseFormat.DIARIZED_JSON]


def _form(text: str, task: SpeechTask) -> ResponseFormat:
    named = text.strip() or ResponseFormat.JSON.value
    if named not in formats(task):
        raise UnsupportedValue("response_format", f"{text[:40]!r} is no format of answers; there are {', '.join(formats(task))}")
    return ResponseFormat(named)


def _temperature(text: str) -> float:
    try:
        value = float(text.strip() or 0)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise UnsupportedValue("temperature", "the temperature has to be a number from 0 to 1")
    return value


def _switch(texts: Mapping[str, str], name: str, *, otherwise: bool) -> bool:
    text = texts.get(name, "").strip().lower()
    if text not in {"", "true", "false", "1", "0"}:
        raise UnsupportedValue(name, "it has to be true or false")
    return text in {"true", "1"} if text else otherwise


def _several(texts: Mapping[str, str], name: str) -> list[str]:
    """All values of a field, whether it was sent with brackets or without, several times or with commas."""
    lines = "\n".join(texts.get(one, "") for one in (f"{name}[]", name)).splitlines()
    return [part.strip() for line in lines for part in line.split(",") if part.strip()]
