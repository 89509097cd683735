"""Once a name is known, it is masked wherever it stands: in lower case, in another window, and its parts alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from diarist.domain.given_names import ALSO_WORDS
from diarist.domain.masking import Kind
from diarist.domain.wordlist import words
from diarist.llm.masking.detector import Finding
from diarist.llm.masking.many_forms import pattern_of

_SHORTEST_PART = 3
"""Letters of a part of a name that is looked for alone."""
_ALSO_COMMON = words("""
    apple bath best bill black brown cook cork day deep fish for fox free good gray green grey hall hill house hunt king
    little long love mobile moon more new nice orange page park power price reading rich river short small stone summer
    target the us visa way west white winter wood wise young north south east old saint mother father sister brother aunt
    auntie uncle cousin doctor professor mister miss coach nurse grandpa grandma granny lady sir captain officer judge red
    blue center centre hotel bank school hospital university institute club group and
    """)
"""Words that are masked as they were found, with their capitals, but not in lower case nor as a part of something longer."""


def recurring(text: str, known: Iterable[tuple[Kind, str]]) -> list[Finding]:
    """Where forms that are known stand as whole words; overlaps are left in."""
    exact: dict[Kind, set[str]] = {}
    anyhow: dict[Kind, set[str]] = {}
    for kind, form in known:
        (exact if _common(form) else anyhow).setdefault(kind, set()).add(form)
        if kind is Kind.PERSON:
            anyhow.setdefault(kind, set()).update(_parts(form))
    return [*_found(text, exact, re.NOFLAG), *_found(text, anyhow, re.IGNORECASE)]


def _found(text: str, forms: Mapping[Kind, set[str]], flags: re.RegexFlag) -> Iterable[Finding]:
    for kind, written in forms.items():
        if spoken := sorted(form for form in written if form.strip()):
            # (?-i:), because without regard to case the long s is an s, and so a letter of the same word.
            pattern = re.compile(rf"(?<!(?-i:[A-Za-z0-9_])){pattern_of(spoken, flags)}(?!(?-i:[A-Za-z0-9_]))", flags)
            yield from (Finding(*match.span(), kind) for match in pattern.finditer(text))


def _common(form: str) -> bool:
    return form.lower() in ALSO_WORDS or form.lower() in _ALSO_COMMON


def _parts(name: str) -> Iterable[str]:
    parts = [part.strip(".,'\u2019") for part in name.split()]
    if len(parts) > 1:
        yield from (part for part in parts if len(part) >= _SHORTEST_PART and part.isalpha() and not _common(part))
