"""Which engines are measured."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.errors import Misconfigured
from diarist.plugins import available
from diarist.settings import EngineSettings


def contenders(
    chosen: EngineSettings, engine: str | None, model: str | None, beam_size: int | None, against: Sequence[str]
) -> list[EngineSettings]:
    """The engine in force, or the one that was named instead, then those to compare it with; raises `Misconfigured`."""
    first = _other(chosen, engine, model) if engine or model else chosen
    found = [first]
    for named in against:
        name, _, of = named.partition(":")
        found.append(_other(first, name or None, of or None))
    return [one.model_copy(update={"beam_size": beam_size or one.beam_size}) for one in found]


def _other(settings: EngineSettings, name: str | None, model: str | None) -> EngineSettings:
    known = {point.name for point in available("diarist.transcription_engines")}
    if name and name not in known:
        raise Misconfigured(f"no engine is called {name!r}", advice=f"There are {', '.join(sorted(known))}.")
    # Routes would let another engine hear than the one that was named.
    return settings.model_copy(update={"name": name or settings.name, "model": model or settings.model, "routes": []})
