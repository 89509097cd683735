"""Hints out of the fields of somebody else's request, and which field it was that could not be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from diarist.domain.hints import Hints, hints
from diarist.errors import InvalidInput
from diarist.http.errors import UnsupportedValue


def given_hints(language: str | None, languages: Iterable[str], vocabulary: Sequence[str], *, told_in: str) -> Hints:
    """As `hints`; raises `UnsupportedValue`. `told_in`: the field that the vocabulary comes from."""
    with _about(told_in):
        hints(None, (), vocabulary)
    with _about("language"):
        return hints(language, languages, vocabulary)


@contextmanager
def _about(field: str) -> Iterator[None]:
    try:
        yield
    except InvalidInput as error:
        raise UnsupportedValue(field, error.message, advice=error.advice) from error
