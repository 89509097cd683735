"""Asks by way of pydantic-ai, which knows the wire formats; what its SDKs raise is translated here, once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from diarist.ports.language_model import CallFailed, Form, Outcome, Question, Reply

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.models import Model, ModelRequestParameters
    from pydantic_ai.settings import ModelSettings

_TOOL = "answer"
_TOO_LONG = frozenset({"context_length_exceeded", "exceed_context_size_error"})
"""As OpenAI and llama.cpp's server say it."""
_TOO_LONG_STATUS = 413
_FORBIDDEN = 403


class PydanticAiProvider:
    """A `Provider` over models of pydantic-ai; retries of the SDKs are off, for there is one layer of them, above."""

    def __init__(self, model: Callable[[str], Model], form: Form | None, close: Callable[[], Awaitable[None]]) -> None:
        """`model`: by name; `form`: None for the best that a model knows; `close`: of the client that models share."""
        import pydantic_ai.direct
        import pydantic_ai.output
        import pydantic_ai.tools  # noqa: F401 - here, and not while a call is timed

        self._model = model
        self._form = form
        self._close = close

    async def ask(self, question: Question) -> Reply:
        """See the port."""
        from pydantic_ai.direct import model_request

        settings: ModelSettings = {"max_tokens": question.max_output_tokens, "timeout": question.timeout}
        if question.temperature is not None:
            settings["temperature"] = question.temperature
        if question.extra:
            settings["extra_body"] = dict(question.extra)
        model = self._model(question.model)
        form = self._form or (Form.SCHEMA if model.profile.get("supports_json_schema_output") else Form.TOOL)
        with _translated():
            async with asyncio.timeout(question.timeout):
                response = await model_request(
                    model,
                    _messages(question),
                    model_settings=settings,
                    model_request_parameters=_parameters(question, form),
                )
        return _reply(response)

    async def close(self) -> None:
        """See the port."""
        await self._close()


def _messages(question: Question) -> list[ModelMessage]:
    from pydantic_ai.messages import ModelRequest, ModelResponse, SystemPromptPart, TextPart, UserPromptPart

    asked: list[ModelMessage] = [ModelRequest(parts=[SystemPromptPart(question.system), UserPromptPart(question.prompt)])]
    if question.correction:
        # As text in every form: a call of a tool would need an id that the provider knows.
        asked.append(ModelResponse(parts=[TextPart(question.correction.answer or "(nothing)")]))
        asked.append(ModelRequest(parts=[UserPromptPart(question.correction.complaint)]))
    return asked


def _parameters(question: Question, form: Form) -> ModelRequestParameters:
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.output import OutputObjectDefinition
    from pydantic_ai.tools import ToolDefinition

    schema = dict(question.schema)
    if form is Form.TOOL:
        tool = ToolDefinition(
            name=_TOOL, description="Give the answer.", parameters_json_schema=schema, kind="output", strict=None
        )
        return ModelRequestParameters(output_mode="tool", output_tools=[tool], allow_text_output=False)
    wanted = OutputObjectDefinition(json_schema=schema, name=_TOOL)
    return ModelRequestParameters(output_mode="native" if form is Form.SCHEMA else "prompted", output_object=wanted)


def _reply(response: ModelResponse) -> Reply:
    from pydantic_ai.messages import TextPart, ToolCallPart

    calls = [part.args_as_json_str() for part in response.parts if isinstance(part, ToolCallPart)]
    words = "".join(part.content for part in response.parts if isinstance(part, TextPart))
    outcomes = {"content_filter": Outcome.REFUSED, "length": Outcome.UNFINISHED}
    usage = response.usage
    return Reply(
        text=calls[0] if calls else words,
        outcome=outcomes.get(response.finish_reason or "stop", Outcome.ANSWERED),
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cached_tokens=usage.cache_read_tokens,
    )


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what pydantic-ai raises into `CallFailed`; none of its words are taken over, as they may repeat the question."""
    from pydantic_ai import exceptions

    try:
        yield
    except TimeoutError as error:
        raise CallFailed(Outcome.TIMED_OUT) from error
    except exceptions.ModelAPIError as error:
        status = error.status_code if isinstance(error, exceptions.ModelHTTPError) else None
        raise CallFailed(_outcome(error, status), status=status, retry_after=error.retry_after) from error
    except exceptions.UnexpectedModelBehavior as error:
        # Such as the page of a proxy: a server that does not speak the format is broken, whatever its status says.
        raise CallFailed(Outcome.SERVER_FAILED) from error
    except exceptions.UserError as error:
        raise CallFailed(Outcome.REJECTED) from error


def _outcome(error: Any, status: int | None) -> Outcome:
    from pydantic_ai import exceptions

    if isinstance(error, exceptions.ModelConnectionError) and not isinstance(error, exceptions.ModelTimeoutError):
        # Whoever did not get as far as a connection was not asked, and not billed.
        return Outcome.UNREACHABLE if error.phase in {"pool", "connect"} else Outcome.CUT
    if status == _TOO_LONG_STATUS or _TOO_LONG & {error.provider_error_code, error.provider_error_type}:
        return Outcome.CONTEXT_TOO_LONG
    if status == _FORBIDDEN:
        return Outcome.NOT_ALLOWED
    table = (
        (exceptions.ModelRateLimitError, Outcome.RATE_LIMITED),
        (exceptions.ModelQuotaExceededError, Outcome.OUT_OF_CREDIT),
        (exceptions.ModelTimeoutError, Outcome.TIMED_OUT),
        (exceptions.ModelAuthenticationError, Outcome.NOT_ALLOWED),
        (exceptions.ModelContextWindowExceededError, Outcome.CONTEXT_TOO_LONG),
        (exceptions.ModelRequestRejectedError, Outcome.REJECTED),
    )
    return next((outcome for kind, outcome in table if isinstance(error, kind)), Outcome.SERVER_FAILED)
