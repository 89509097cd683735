"""Which engine and model hear a chunk: the first route that fits what is known of it, else those of the settings."""

from __future__ import annotations

from diarist.errors import ModelUnavailable
from diarist.ports.transcription_engine import Guidance
from diarist.settings import EngineSettings, RouteSettings


def offered(settings: EngineSettings) -> dict[str, EngineSettings]:
    """What may be asked for: every engine and model that the settings name, the usual one first, by a name for people.

    A model goes by its own name, `auto` by its engine's; of two that would be called alike, the later has its engine's before it.
    """
    pairs = dict.fromkeys(
        (engine, model)
        for engine, model in (
            (settings.name, settings.model),
            *((route.engine or settings.name, route.model) for route in settings.routes),
        )
    )
    found: dict[str, EngineSettings] = {}
    for engine, model in pairs:
        name = engine if model == "auto" else model
        name = f"{engine}/{model}" if name in found else name
        found[name] = settings.model_copy(update={"name": engine, "model": model})
    return found


def routed(settings: EngineSettings, guidance: Guidance) -> EngineSettings:
    """The settings with the engine and the model that hear such a chunk; raises `ModelUnavailable` for what is not offered."""
    if guidance.model:
        chosen = offered(settings).get(guidance.model)
        if chosen is None:
            raise ModelUnavailable(f"the model {guidance.model!r} is not offered here any more")
        return chosen
    fitting = [route for route in settings.routes if _fits(route, guidance)]
    # Whoever doubts gets an engine of its own if there is one, and else the same as before, which hears by other means.
    route = next((one for one in fitting if one.careful and guidance.careful), None)
    route = route or next((one for one in fitting if not one.careful), None)
    if route is None:
        return settings
    return settings.model_copy(update={"name": route.engine or settings.name, "model": route.model})


def _fits(route: RouteSettings, guidance: Guidance) -> bool:
    return _is_spoken(route, guidance) and _is_as_long(route, guidance.recording_seconds)


def _is_spoken(route: RouteSettings, guidance: Guidance) -> bool:
    possible = set(guidance.possible_languages)
    return not route.languages or (bool(possible) and possible <= set(route.languages))


def _is_as_long(route: RouteSettings, seconds: float | None) -> bool:
    if seconds is None:
        return not route.min_seconds and route.max_seconds is None
    return route.min_seconds <= seconds and (route.max_seconds is None or seconds < route.max_seconds)
