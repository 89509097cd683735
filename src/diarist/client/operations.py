"""Methods of both clients at once: described as a flow, they run at once in a `Client` and are awaited in an `AsyncClient`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, overload

from diarist.client.session import AsyncSession, Session
from diarist.client.steps import Flow, Items

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S", Session, AsyncSession)


class Resource(Generic[S]):
    """Operations on one kind of thing."""

    def __init__(self, session: S) -> None:
        self._session: S = session


class Operation(Generic[P, T]):
    """A method that ends with a result."""

    def __init__(self, flow: Callable[P, Flow[T]]) -> None:
        self.flow = flow
        self.__doc__ = flow.__doc__

    @overload
    def __get__(self, resource: Resource[Session], owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, resource: Resource[AsyncSession], owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, resource: None, owner: type) -> Operation[P, T]: ...
    def __get__(self, resource: Resource[Any] | None, owner: type) -> Any:
        if resource is None:
            return self
        session = resource._session  # noqa: SLF001 - of the same making

        def method(*args: P.args, **kwargs: P.kwargs) -> object:
            return session.run(self.flow(*args, **kwargs))

        return update_wrapper(method, self.flow)


class Series(Generic[P, T]):
    """A method whose results are iterated over."""

    def __init__(self, flow: Callable[P, Items], _: type[T]) -> None:
        """The type is that of the items."""
        self.flow = flow
        self.__doc__ = flow.__doc__

    @overload
    def __get__(self, resource: Resource[Session], owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, resource: Resource[AsyncSession], owner: type) -> Callable[P, AsyncIterator[T]]: ...
    @overload
    def __get__(self, resource: None, owner: type) -> Series[P, T]: ...
    def __get__(self, resource: Resource[Any] | None, owner: type) -> Any:
        if resource is None:
            return self
        session = resource._session  # noqa: SLF001 - of the same making

        def method(*args: P.args, **kwargs: P.kwargs) -> object:
            return session.iterate(self.flow(*args, **kwargs))

        return update_wrapper(method, self.flow)
