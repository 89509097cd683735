"""What clients call the models that hear."""

from __future__ import annotations

from diarist.engine.routes import offered
from diarist.errors import NotFound
from diarist.settings import Settings


class ModelNotOffered(NotFound):
    """There is no such model here."""

    code = "model_not_found"
    advice = "GET /v1/models lists those that there are."


def model_of(name: str, settings: Settings) -> str:
    """A client's word as `Manner.model`: empty where it means whichever hears such a recording; raises `ModelNotOffered`."""
    if name in settings.compat.model_names:
        return ""
    known = offered(settings.engine)
    if name not in known:
        raise ModelNotOffered(f"the model {name[:100]!r} does not exist here")
    # Where there is only one, who names it wants nothing unusual.
    return name if len(known) > 1 else ""
