import pytest

from diarist.cli.evaluating.contenders import contenders
from diarist.cli.evaluating.listening import UP_TO_TRANSCRIPT
from diarist.errors import Misconfigured
from diarist.settings import EngineSettings, RouteSettings

SETTINGS = EngineSettings(
    name="faster-whisper", model="base", beam_size=5, routes=[RouteSettings(languages=["de"], engine="scripted", model="auto")]
)


def asked(*arguments: object) -> list[tuple[str, str, int | None, int]]:
    found = contenders(SETTINGS, *arguments)  # type: ignore[arg-type]
    return [(one.name, one.model, one.beam_size, len(one.routes)) for one in found]


def test_without_a_name_the_settings_hear_with_their_routes() -> None:
    assert asked(None, None, None, []) == [("faster-whisper", "base", 5, 1)]


def test_what_is_named_hears_alone() -> None:
    assert asked(None, "small", 2, ["scripted:say=a: b", "scripted", ":tiny.en"]) == [
        ("faster-whisper", "small", 2, 0),
        ("scripted", "say=a: b", 2, 0),
        ("scripted", "small", 2, 0),
        ("faster-whisper", "tiny.en", 2, 0),
    ]


@pytest.mark.parametrize(("engine", "against"), [("gramophone", []), (None, ["gramophone:base"])])
def test_an_engine_that_is_not_there_is_named(engine: str | None, against: list[str]) -> None:
    with pytest.raises(Misconfigured, match="gramophone"):
        asked(engine, None, None, against)


def test_no_language_model_is_asked_for_an_entry() -> None:
    assert [(stage.name, stage.then) for stage in UP_TO_TRANSCRIPT][-2:] == [("transcribe", "merge"), ("merge", None)]
    assert "llm" not in {stage.queue for stage in UP_TO_TRANSCRIPT}
