"""Names an entry after what was said in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diarist.diary.english import CONJUNCTIONS
from diarist.diary.salience import BACK_REFERENCES
from diarist.diary.topics import Topic
from diarist.diary.utterances import Utterance, capitalised
from diarist.domain.wordlist import words

LONGEST = 60
# Spaces in a sentence that says enough for a title, and mentions that make a single word one.
SHORTEST, OFTEN = 2, 3
SILENT = "A recording without words"
UNCLEAR = "A recording that is hard to make out"
# Begin a sentence that goes on from another.
LINKED = CONJUNCTIONS | BACK_REFERENCES
LINK = re.compile(r"^(?:(?:and|but|so|then),? )+", re.IGNORECASE)
# A title does not hedge.
UNSURE = words("maybe perhaps might possibly if")
# What recorders and phones call their files; no title.
NAMED_BY_A_MACHINE = re.compile(
    r"^(?:[\W\d_]|rec(?:ording)?|voice|memo|audio|new|note|track|img|file|untitled|vn|ptt|aud|wa|am|pm|wav|mp3|m4a)*$",
    re.IGNORECASE,
)


def title(chosen: Sequence[Utterance], topics: Sequence[Topic], hint: str | None, *, doubted: bool = False) -> str:
    """The two weightiest topics in the order they came up; else a telling sentence that is short enough; else the hint.

    `chosen` are the entry's sentences, the weightiest first. A lone word ("bed") tells too little to be a title.
    `doubted`: whether words were heard that are too doubtful to be told.
    """
    picked: list[Topic] = []
    for topic in topics[:2]:
        if len(", ".join(one.name for one in (*picked, topic))) <= LONGEST:
            picked.append(topic)
    if any(len(topic.words) > 1 or len(topic.utterances) >= OFTEN for topic in picked):
        picked.sort(key=lambda topic: topic.utterances)
        return capitalised(", ".join(topic.name for topic in picked))
    if hint is not None and not NAMED_BY_A_MACHINE.match(hint):
        return shortened(" ".join(hint.split()))
    if not chosen:
        return UNCLEAR if doubted else SILENT
    sentences = [LINK.sub("", utterance.text.rstrip(".\u3002")) for utterance in chosen if not utterance.asks]
    fitting = [text for text in sentences if len(text) <= LONGEST and text.count(" ") >= SHORTEST]
    plain = [text for text in fitting if not UNSURE & set(text.lower().split()) and text.split(" ", 1)[0].lower() not in LINKED]
    return next((capitalised(text) for text in (*plain, *fitting)), shortened(chosen[0].text.rstrip(".\u3002")))


def shortened(text: str) -> str:
    """At most 60 characters, cut between words where there are any."""
    if len(text) <= LONGEST:
        return capitalised(text)
    head = text[: LONGEST - 1]
    if " " in head:
        head = head.rsplit(" ", 1)[0]
    return capitalised(head.rstrip(" ,;:-\u2013\u2014") + "\u2026")
