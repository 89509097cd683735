"""Which engine hears what, given what is known beforehand."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from diarist.engine.routes import offered, routed
from diarist.errors import ModelUnavailable
from diarist.ports.transcription_engine import Guidance
from diarist.settings import EngineSettings, RouteSettings

ROUTES = [
    RouteSettings(careful=True, model="second"),
    RouteSettings(languages=["en", "de"], engine="onnx-asr", model="parakeet"),
    RouteSettings(languages=["ru"], engine="onnx-asr", model="gigaam"),
    RouteSettings(max_seconds=60, model="large"),
    RouteSettings(min_seconds=3600, model="tiny"),
]


def heard_by(routes: list[RouteSettings], guidance: Guidance) -> str:
    settings = routed(EngineSettings(name="whisper", model="auto", routes=routes), guidance)
    return f"{settings.name} {settings.model}"


@pytest.mark.parametrize(
    ("known", "heard"),
    [
        (Guidance(), "whisper auto"),
        (Guidance(language="en"), "onnx-asr parakeet"),
        (Guidance(language="ru", recording_seconds=10.0), "onnx-asr gigaam"),
        (Guidance(language="fr"), "whisper auto"),
        (Guidance(languages=("de", "en")), "onnx-asr parakeet"),
        (Guidance(languages=("de", "fr")), "whisper auto"),
        (Guidance(language="fr", languages=("de",)), "whisper auto"),
        (Guidance(recording_seconds=59.9), "whisper large"),
        (Guidance(recording_seconds=60.0), "whisper auto"),
        (Guidance(recording_seconds=3600.0), "whisper tiny"),
        (Guidance(careful=True), "whisper second"),
        (Guidance(careful=True, language="ru"), "whisper second"),
    ],
)
def test_the_first_route_that_fits_is_taken(known: Guidance, heard: str) -> None:
    assert heard_by(ROUTES, known) == heard


def test_who_doubts_asks_the_same_engine_where_there_is_no_other() -> None:
    assert heard_by(ROUTES[1:], Guidance(careful=True, language="ru")) == "onnx-asr gigaam"
    french = RouteSettings(careful=True, languages=["fr"], model="second")
    assert heard_by([french], Guidance(careful=True, language="en")) == "whisper auto"


def test_the_rest_of_the_settings_stays() -> None:
    settings = routed(EngineSettings(threads=3, idle_seconds=5, routes=ROUTES), Guidance(language="en"))
    assert (settings.threads, settings.idle_seconds) == (3, 5)


@pytest.mark.parametrize("wrong", [{"language": ["en"]}, {"languages": ["english"]}, {"min_seconds": -1}, {"max_seconds": 0}])
def test_a_route_that_says_something_else_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        EngineSettings.model_validate({"routes": [wrong]})


def test_every_engine_and_model_of_the_settings_may_be_asked_for_by_name() -> None:
    settings = EngineSettings(name="whisper", model="auto", routes=[*ROUTES, RouteSettings(engine="other", model="large")])
    names = {name: (one.name, one.model) for name, one in offered(settings).items()}
    assert next(iter(names)) == "whisper"
    assert names["whisper"] == ("whisper", "auto")
    assert names["parakeet"] == ("onnx-asr", "parakeet")
    assert (names["large"], names["other/large"]) == (("whisper", "large"), ("other", "large"))


def test_a_model_that_is_asked_for_hears_whatever_the_routes_say() -> None:
    assert heard_by(ROUTES, Guidance(model="gigaam", language="en")) == "onnx-asr gigaam"
    assert heard_by(ROUTES, Guidance(model="gigaam", careful=True)) == "onnx-asr gigaam"
    with pytest.raises(ModelUnavailable):
        heard_by(ROUTES, Guidance(model="gpt-5"))
