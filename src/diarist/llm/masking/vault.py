"""Keeps what was masked in one entry, so that answers can be unmasked; it never leaves the process."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Mapping, Sequence
from dataclasses import dataclass

from diarist.domain.masking import Kind
from diarist.errors import MaskingFailed, UnknownPlaceholder
from diarist.llm.masking.detector import Finding
from diarist.llm.masking.identity import identity
from diarist.llm.masking.placeholders import TEXT, Placeholder, places, replaced, unfinished
from diarist.llm.masking.recurring import recurring
from diarist.llm.masking.settling import settled
from diarist.telemetry.processor import in_thread


@dataclass(frozen=True, slots=True)
class Masked:
    """A text that may leave; what it exposes is reduced, not nothing."""

    text: str
    counts: Mapping[Kind, int]
    """How many different people, places and so on of each kind it names by placeholders."""


class Vault:
    """Numbers that keep identity; one vault for one entry, and for one event loop."""

    def __init__(self, find: Callable[[str], Sequence[Finding]], kinds: frozenset[Kind], names_by: str | None) -> None:
        self._find = find
        self._busy = asyncio.Lock()
        self._kinds = kinds
        self._numbers: dict[tuple[str, str], int] = {}
        self._forms: dict[tuple[str, int], list[str]] = {}
        self._highest: Counter[str] = Counter()
        self.names_by = names_by
        """The analyser that looks for names; None when only patterns do."""

    @property
    def counts(self) -> dict[Kind, int]:
        """How many different people, places and so on were masked so far."""
        return _by_kind(self._highest)

    async def mask(self, text: str) -> Masked:
        """Raises `MaskingFailed`; the text must not leave then."""
        return (await self.mask_all([text]))[0]

    async def mask_all(self, texts: Sequence[str]) -> list[Masked]:
        """Mask texts that follow one another, such as segments: what is found in one is masked in each of them."""
        # A thread, not the event loop: a model takes milliseconds for a sentence, and seconds to load.
        async with self._busy:
            return await in_thread(self._mask_all, texts)

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

    def _mask_all(self, texts: Sequence[str]) -> list[Masked]:
        # Sentences run on from text to text; what is found is cut where texts end, as it is where lines do.
        findings = [finding for finding in self._find(" ".join(texts)) if finding.kind in self._kinds]
        lines = "\n".join(texts)
        spans = settled(lines, findings)
        known = self._known()
        while True:
            known |= {(one.kind, lines[one.start : one.end]) for one in spans}
            more = settled(lines, [*spans, *recurring(lines, known)])
            if more == spans:
                break
            spans = more
        pieces = iter(_with_lookalikes(lines, spans))
        piece = next(pieces, None)
        masked: list[Masked] = []
        start = 0
        for text in texts:
            end = start + len(text)
            inside: list[tuple[int, int, str]] = []
            while piece is not None and piece[1] <= end:
                inside.append((piece[0] - start, piece[1] - start, piece[2]))
                piece = next(pieces, None)
            masked.append(self._masked(text, inside))
            start = end + 1
        return masked

    def _masked(self, text: str, pieces: Sequence[tuple[int, int, str]]) -> Masked:
        left: list[str] = []
        counted: set[tuple[str, int]] = set()
        done = 0
        for start, end, word in pieces:
            placeholder = self._placeholder(word, text[start:end])
            left += [text[done:start], str(placeholder)]
            counted.add((word, placeholder.number))
            done = end
        masked = "".join(left) + text[done:]
        if self.unmask(masked) != text:
            raise MaskingFailed("The text would not come back as it was, so it did not leave.")
        return Masked(masked, _by_kind(Counter(word for word, _ in counted)))

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


def _by_kind(words: Mapping[str, int]) -> dict[Kind, int]:
    """Counts by the word in placeholders as counts by kind, without text that only looked like one."""
    return {kind: words[kind.upper()] for kind in Kind if words.get(kind.upper())}


def _with_lookalikes(text: str, spans: Sequence[Finding]) -> list[tuple[int, int, str]]:
    """The findings, and what would be taken for a placeholder afterwards: start, end and word of the placeholder for each."""
    both = [(one.start, one.end, one.kind.upper()) for one in spans] + [(start, end, TEXT) for start, end in places(text)]
    pieces: list[tuple[int, int, str]] = []
    for start, end, word in sorted(both, key=lambda piece: (piece[0], -piece[1], piece[2] != TEXT)):
        if pieces and start < pieces[-1][1]:
            first, last, before = pieces[-1]
            # Only what is nothing but a lookalike is escaped as text; what goes beyond it names somebody.
            kind = before if end <= last else next(one for one in (word, before) if one != TEXT)
            pieces[-1] = (first, max(last, end), kind)
        else:
            pieces.append((start, end, word))
    return pieces
