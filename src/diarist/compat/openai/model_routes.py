"""GET /v1/models: what can be asked to hear."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from diarist.accounts.current import CurrentRuntime
from diarist.compat.model_names import ModelNotOffered
from diarist.compat.openai.shape import ERRORS, OpenAiError
from diarist.engine.routes import offered
from diarist.settings import Settings

router = APIRouter(prefix="/v1/models", tags=["OpenAI's API"])


class Model(BaseModel):
    """A model, or a name that stands for whichever hears a recording."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    """Always 0: nobody knows."""
    owned_by: str
    """The engine that runs it."""
    root: str | None = None
    """Our own: the model that usually hears under a name of another's."""


class Models(BaseModel):
    """All of them."""

    object: Literal["list"] = "list"
    data: list[Model]


@router.get("", responses=ERRORS)
async def list_models(runtime: CurrentRuntime) -> Models:
    """The engines and models that the installation names, and the names that clients insist on."""
    return Models(data=_models(runtime.settings))


@router.get(
    "/{model:path}",
    responses={404: {"model": OpenAiError, "description": "There is no such model here."}, **ERRORS},
)
async def get_model(runtime: CurrentRuntime, model: Annotated[str, Path(max_length=400)]) -> Model:
    """One of them."""
    for one in _models(runtime.settings):
        if one.id == model:
            return one
    raise ModelNotOffered(f"the model {model[:100]!r} does not exist here")


def _models(settings: Settings) -> list[Model]:
    named = offered(settings.engine)
    usual = next(iter(named))
    return [
        *(Model(id=name, owned_by=engine.name) for name, engine in named.items()),
        *(Model(id=name, owned_by=settings.engine.name, root=usual) for name in settings.compat.model_names if name not in named),
    ]
