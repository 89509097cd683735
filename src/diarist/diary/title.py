"""Names an entry after what was said in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diarist.diary.topics import Topic
from diarist.diary.utterances import Utterance, capitalised

LONGEST = 60
SILENT = "A recording without words"
# What recorders and phones call their files; no title.
NAMED_BY_A_MACHINE = re.compile(
    r"^(?:[\W\d_]|rec(?:ording)?|voice|memo|audio|new|note|track|img|file|untitled|vn|ptt|aud|wa|am|pm|wav|mp3|m4a)*$",
    re.IGNORECASE,
)


def title(chosen: Sequence[Utterance], topics: Sequence[Topic], hint: str | None) -> str:
    """The two weightiest topics in the order they came up; else the owner's own name for the recording; else the first words."""
    picked: list[str] = []
    for topic in topics[:2]:
        if len(", ".join([*picked, topic.name])) <= LONGEST:
            picked.append(topic.name)
    first_said = {topic.name: topic.utterances[0] for topic in topics}
    picked.sort(key=lambda name: first_said[name])
    if picked:
        return capitalised(", ".join(picked))
    if hint is not None and not NAMED_BY_A_MACHINE.match(hint):
        return shortened(" ".join(hint.split()))
    return shortened(chosen[0].text.rstrip(".\u3002")) if chosen else SILENT


def shortened(text: str) -> str:
    """At most 60 characters, cut between words where there are any."""
    if len(text) <= LONGEST:
        return capitalised(text)
    head = text[: LONGEST - 1]
    if " " in head:
        head = head.rsplit(" ", 1)[0]
    return capitalised(head.rstrip(" ,;:-\u2013\u2014") + "\u2026")
