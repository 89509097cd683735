"""Keeps what was masked in one entry, so that answers can be unmasked; it never leaves the process."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from diarist.domain.masking import Kind
from diarist.errors import MaskingFailed, UnknownPlaceholder
from diarist.llm.masking.detector import Finding
from diarist.llm.masking.identity import identity
from diarist.llm.masking.placeholders import TEXT, Placeholder, places, replaced, unfinished
from diarist.llm.masking.recurring import recurring
from diarist.llm.masking.settling import settled


@dataclass(frozen=True, slots=True)
class Masked:
    """A text that may leave; what it exposes is reduced, not nothing."""

    text: str
    counts: Mapping[Kind, int]
    """How many different people, places and so on of each kind it names by placeholders."""


class Vault:
    """Numbers that keep identity; one vault for one entry, and for one event loop."""

    def __init__(self, find: Callable[[str], Awaitable[Sequence[Finding]]], kinds: frozenset[Kind], names_by: str | None) -> None:
        self._find = find
        self._kinds = kinds
        self._numbers: dict[tuple[str, str], int] = {}
        self._forms: dict[tuple[str, int], list[str]] = {}
        self._highest: Counter[str] = Counter()
        self.names_by = names_by
        """The analyser that looks for names; None when only patterns do."""

    @property
    def counts(self) -> dict[Kind, int]:
        """How many different people, places and so on were masked so far."""
        return {kind: self._highest[kind.upper()] for kind in Kind if self._highest[kind.upper()]}

    async def mask(self, text: str) -> Masked:
        """Raises `MaskingFailed`; the text must not leave then."""
        return (await self.mask_all([text]))[0]

    async def mask_all(self, texts: Sequence[str]) -> list[Masked]:
        """Mask texts that follow one another, such as segments: what is found in one is masked in each of them."""
        whole = " ".join(texts)
        findings = [finding for finding in await self._find(whole) if finding.kind in self._kinds]
        starts = [0]
        for text in texts:
            starts.append(starts[-1] + len(text) + 1)
        within = [_within(findings, start, start + len(text)) for start, text in zip(starts, texts, strict=False)]
        settling = [settled(text, found) for text, found in zip(texts, within, strict=True)]
        known = {(one.kind, text[one.start : one.end]) for text, found in zip(texts, settling, strict=True) for one in found}
        return [self._masked(text, found, known) for text, found in zip(texts, settling, strict=True)]

    def unmask(self, text: str) -> str:
        """The text with what the placeholders stand for; raises `UnknownPlaceholder`."""
        return replaced(text, self._original)

    async def unmask_stream(self, pieces: AsyncIterable[str]) -> AsyncGenerator[str, None]:
        """The same for an answer that comes in pieces; what may be the beginning of a placeholder waits for the rest of it."""
        held = ""
        async for piece in pieces:
            held += piece
            cut = unfinished(held)
            if cut:
                yield self.unmask(held[:cut])
            held = held[cut:]
        if held:
            yield self.unmask(held)

    def _masked(self, text: str, found: list[Finding], known: set[tuple[Kind, str]]) -> Masked:
        spans = found
        while (more := settled(text, [*spans, *recurring(text, self._known() | known)])) != spans:
            spans = more
            known = known | {(one.kind, text[one.start : one.end]) for one in spans}
        pieces: list[str] = []
        counted: set[tuple[str, int]] = set()
        done = 0
        for start, end, word in _with_lookalikes(text, spans):
            placeholder = self._placeholder(word, text[start:end])
            pieces += [text[done:start], str(placeholder)]
            counted.add((word, placeholder.number))
            done = end
        masked = "".join(pieces) + text[done:]
        if self.unmask(masked) != text:
            raise MaskingFailed("The text would not come back as it was, so it did not leave.")
        kinds = Counter(word for word, _ in counted)
        return Masked(masked, {kind: kinds[kind.upper()] for kind in Kind if kinds[kind.upper()]})

    def _placeholder(self, word: str, original: str) -> Placeholder:
        key = (word, original if word == TEXT else identity(Kind(word.lower()), original))
        if key not in self._numbers:
            self._highest[word] += 1
            self._numbers[key] = self._highest[word]
        number = self._numbers[key]
        forms = self._forms.setdefault((word, number), [])
        if original not in forms:
            forms.append(original)
        return Placeholder(word, number, forms.index(original) + 1)

    def _original(self, placeholder: Placeholder) -> str:
        forms = self._forms.get((placeholder.word, placeholder.number), [])
        if not 1 <= placeholder.form <= len(forms):
            raise UnknownPlaceholder
        return forms[placeholder.form - 1]

    def _known(self) -> set[tuple[Kind, str]]:
        return {(Kind(word.lower()), form) for (word, _), forms in self._forms.items() if word != TEXT for form in forms}


def _within(findings: Sequence[Finding], start: int, end: int) -> list[Finding]:
    """Those parts of the findings that lie in one text, counted from its start."""
    cut = (Finding(max(one.start, start) - start, min(one.end, end) - start, one.kind) for one in findings)
    return [one for one in cut if one.start < one.end]


def _with_lookalikes(text: str, spans: Sequence[Finding]) -> list[tuple[int, int, str]]:
    """The findings, and what would be taken for a placeholder afterwards: start, end and word of the placeholder for each."""
    pieces = [(one.start, one.end, one.kind.upper()) for one in spans]
    for start, end in places(text):
        touched = [piece for piece in pieces if piece[0] < end and start < piece[1]]
        first, last = min([start, *(piece[0] for piece in touched)]), max([end, *(piece[1] for piece in touched)])
        word = TEXT if (first, last) == (start, end) else touched[0][2]
        pieces = [*(piece for piece in pieces if piece not in touched), (first, last, word)]
    return sorted(pieces)
