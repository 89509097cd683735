"""Makes up what people tell their diaries: sentences of our own, the same for the same seed, without end."""

from __future__ import annotations

import random
from collections.abc import Iterator

_WHO = (
    "my sister", "our neighbour", "the carpenter", "Martin", "Helen", "the old teacher", "my cousin Rosa", "the nurse", "Oliver",
    "the boy from downstairs", "a stranger", "my grandfather", "the whole family", "somebody at the station", "Doctor Miller",
)  # fmt: skip
_DID = (
    "painted", "forgot", "carried home", "found", "repaired", "asked for", "borrowed", "sold", "described", "lost", "hid",
    "brought back", "dropped", "praised", "photographed", "counted", "cleaned", "gave away", "looked for", "wrapped up",
)  # fmt: skip
_WHAT = (
    "the green ladder", "a box of letters", "two silver spoons", "the broken radio", "a basket of apples", "the map of a valley",
    "an enormous umbrella", "the garden chairs", "a photograph of the harbour", "the winter coats", "a jar of honey",
    "the smallest kitten", "three bottles of milk", "the kitchen window", "a very heavy suitcase", "the birthday cake",
    "an invitation", "the keys to the cellar", "a wooden horse", "the last piece of bread",
)  # fmt: skip
_WHERE = (
    "behind the church", "in the kitchen", "at the market", "under the bridge", "near the river", "on the balcony", "by the sea",
    "in the waiting room", "at the end of the street", "beside the old mill", "on the train to the coast", "in the garden",
)  # fmt: skip
_WHEN = (
    "this morning", "after lunch", "late in the evening", "on Saturday", "before breakfast", "during the storm", "last Thursday",
    "around midnight", "while it was raining", "in the middle of the night", "as soon as the sun came out", "yesterday",
)  # fmt: skip
_FELT = (
    "I was surprised", "I felt tired", "it made me happy", "nobody said a word", "we laughed for a long time", "I slept badly",
    "it was colder than I expected", "everybody was hungry", "I was rather jealous", "the dog began to bark", "I had to leave",
)  # fmt: skip
_WHY = (
    "because the door was open", "although I had promised to wait", "because there was no other way", "even though it was late",
    "because he had never seen one before", "although the road was dangerous", "because we needed the money",
)  # fmt: skip
_SHORT = (
    "Not yet.", "I hope so.", "What a day.", "Nobody knows why.", "That was all.", "I should have known.", "We will see.",
    "It does not matter.", "Good night.", "Let me think.", "So much for that.", "I was right after all.",
)  # fmt: skip


def sentences(seed: int) -> Iterator[str]:
    """One after the other, of two to thirty words."""
    chance = random.Random(seed)  # noqa: S311 - protects nothing
    say = chance.choice
    patterns = (
        lambda: say(_SHORT),
        lambda: f"{say(_WHO)} {say(_DID)} {say(_WHAT)} {say(_WHERE)}.",
        lambda: f"{say(_WHEN)}, {say(_WHO)} {say(_DID)} {say(_WHAT)}, and {say(_FELT)}.",
        lambda: f"{say(_FELT)} when {say(_WHO)} {say(_DID)} {say(_WHAT)}.",
        lambda: f"{say(_WHO)} {say(_DID)} {say(_WHAT)} {say(_WHY)}, so {say(_FELT)}.",
        lambda: f"I met {say(_WHO)} {say(_WHERE)} {say(_WHEN)}, and we talked about {say(_WHAT)}.",
        lambda: f"did {say(_WHO)} really say that {say(_WHO)} {say(_DID)} {say(_WHAT)}?",
        lambda: (
            f"{say(_WHEN)} I walked home alone, thinking about {say(_WHAT)} that {say(_WHO)} {say(_DID)} {say(_WHERE)}, and "
            f"{say(_FELT)} {say(_WHY)}."
        ),
    )
    while True:
        sentence = say(patterns)()
        yield sentence[0].upper() + sentence[1:]
