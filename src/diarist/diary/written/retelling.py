"""Tells a proven sentence in another person: "I" becomes "they", and no other word changes but "am" and "was" with it.

What is not told beyond doubt, such as "She said, I am tired", cannot be retold; it stands as it was spoken, in quotation marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from diarist.diary.english import ADVERBS, IRREGULAR_VERBS, NEGATIONS, SUBJECTS, is_english
from diarist.diary.written.persons import FIRST_PLURAL, FIRST_SINGULAR, Person
from diarist.diary.written.vocabulary import LIMITS
from diarist.domain.diary import Entry, Sentence
from diarist.domain.wordlist import words

NOT_ENGLISH = "This entry is told in the first person: in its language the person cannot be changed by rules."
_OPENERS, _CLOSERS, _STOPS = "\"'\u201c\u2018([", ".,;:!?\u2026\"'\u201d\u2019)]\u2014\u2013", (".", "!", "?", "\u2026")
_QUOTATION = frozenset('"\u201c\u201d\u201e\u00ab\u00bb')
_FIRST = {**FIRST_SINGULAR, **FIRST_PLURAL}
_CONTRACTED = ("'m", "'ve", "'d", "'ll", "'re")
_AGREEING = {"am": "are", "was": "were", "wasn't": "weren't"}
_BETWEEN = ADVERBS | NEGATIONS
"""May stand between who and "was"."""
_JOINING = words("and or but then")
_UNCHANGING = words("""
    was had did wasn't hadn't didn't could couldn't would wouldn't should shouldn't might must mustn't will won't can can't cannot
    """) | (IRREGULAR_VERBS - words("bet bit cost cut found ground hit hurt lay let put quit read shed shut split spread"))
"""Verbs that are the same behind "I" and behind a name."""
_HE_OR_SHE = words("he him his himself she her hers herself")
_PRESENT = words("need feed speed exceed succeed proceed bleed breed heed weed embed wed shed")
_TELLING = frozenset({"say", "ask", "think", "promise", "agree", "guess", "wish", "hope", "offer", "believe", "suppose"})
# "World War I"
_OF_A_NUMBER = words("war part act type phase stage level volume chapter section class category elizabeth vitamin roman")
# "the mine" is nobody's
_BEFORE_MINE = words("of is was are were than like and to with not isn't wasn't")


@dataclass(frozen=True, slots=True)
class _Piece:
    """One word with what stands round it."""

    before: str
    core: str
    after: str

    @property
    def word(self) -> str:
        return self.core.lower().replace("\u2019", "'")

    @property
    def base(self) -> str:
        """Without what is contracted with it: "I" of "I'm"."""
        return self.word.partition("'")[0]

    @property
    def stops(self) -> bool:
        """Whether a sentence ends with it."""
        return any(mark in self.after for mark in _STOPS)

    @property
    def contracted(self) -> str:
        return self.word[len(self.base) :] if self.word.endswith(_CONTRACTED) else ""


def retold(entry: Entry, person: Person, name: str = "") -> Entry:
    """The entry in another person; `name`: what the speaker may be called.

    A name that was said in the recording may be somebody else's, and "she" behind a name may be whom it names: in such entries
    the name is not used. Things to do stay as their owner says them.
    """
    if entry.language is None or not is_english(entry.language):
        return replace(entry, notes=(*entry.notes, NOT_ENGLISH))
    said = {_piece(word).base for one in entry.sentences for quote in one.citations for word in quote.quote.split()}
    told = {_piece(word).base for one in entry.sentences for word in one.text.split()}
    parts = {_piece(part).base for part in name.split()}
    used = name if person.named and not parts & (said | told) and not _HE_OR_SHE & told else ""
    sentences = tuple(one if one.edited else _told(one, person, used) for one in entry.sentences)
    return replace(entry, sentences=sentences, title=retelling(entry.title, person, used) or entry.title)


def _told(sentence: Sentence, person: Person, name: str) -> Sentence:
    text = retelling(sentence.text, person, name)
    return replace(sentence, text=f"\u201c{sentence.text}\u201d" if text is None else text)


def retelling(text: str, person: Person, name: str = "") -> str | None:
    """A sentence in another person, by name where the speaker comes first in it; None where that would leave a doubt."""
    pieces = [_piece(word) for word in text.split()]
    if any(piece.base in person.words or piece.word == "let's" for piece in pieces):
        return None
    own = [place for place in range(len(pieces)) if _is_own(pieces[place])]
    if not own:
        return text
    if _doubtful(pieces, own, text):
        return None
    alone = [place for place in own if pieces[place].base in FIRST_SINGULAR]
    named = alone[0] if name and alone and _can_be_named(pieces, alone[0]) else None
    # "They" cannot be "I" and "we" in one sentence.
    if len(alone) != len(own) and len(alone) > (named is not None):
        return None
    return " ".join(_form(pieces, place, person, named, name) for place in range(len(pieces)))


def _piece(word: str) -> _Piece:
    core = word.lstrip(_OPENERS)
    before = word[: len(word) - len(core)]
    bare = core.rstrip(_CLOSERS)
    return _Piece(before, bare, core[len(bare) :])


def _is_own(piece: _Piece) -> bool:
    if piece.core in {"US", "ME"} or piece.base not in _FIRST:
        return False
    return piece.word == piece.base or bool(piece.contracted)


def _doubtful(pieces: Sequence[_Piece], own: Sequence[int], text: str) -> bool:
    """Whether an "I" may be no "I", or somebody else's."""
    if _QUOTATION & set(text):
        return True
    for place in own:
        before = pieces[place - 1].word if place else ""
        if pieces[place].base == "i" and (before in _OF_A_NUMBER or (place == len(pieces) - 1 and before != "and")):
            return True
        if pieces[place].word == "mine" and before not in _BEFORE_MINE:
            return True
        if any(_hands_over(pieces, at) for at in range(place)):
            return True
    return False


def _hands_over(pieces: Sequence[_Piece], at: int) -> bool:
    """Whether what follows a word may be somebody else's: "she said", "he was like,"."""
    piece = pieces[at]
    if piece.word == "like" and piece.after:
        return True
    if LIMITS.get(piece.word) not in _TELLING:
        return False
    return not any(one.base in {"i", "we"} for one in pieces[max(0, at - 3) : at])


def _can_be_named(pieces: Sequence[_Piece], place: int) -> bool:
    """Whether a name can stand there and the verb stays as it is."""
    piece = pieces[place]
    if piece.word in {"me", "my"}:
        return True
    if piece.word != "i":
        return False
    verb = next((one.word for one in pieces[place + 1 :] if one.word not in _BETWEEN), "")
    return verb in _UNCHANGING or (verb.endswith("ed") and verb not in _PRESENT)


def _form(pieces: Sequence[_Piece], place: int, person: Person, named: int | None, name: str) -> str:
    """A word as it is told; `named`: where the speaker is called by name."""
    piece = pieces[place]
    if not _is_own(piece):
        agreeing = _AGREEING.get(piece.word)
        core = agreeing if agreeing and _subject_of(pieces, place) not in {None, named} else piece.core
        return f"{piece.before}{core}{piece.after}"
    role = _FIRST[piece.base]
    if place == named:
        core = f"{name}'s" if role == "possessive" else name
    else:
        core = str(getattr(person, role)) + ("'re" if piece.contracted == "'m" else piece.contracted)
        if place == 0 or pieces[place - 1].stops:
            core = core[:1].upper() + core[1:]
    return f"{piece.before}{core}{piece.after}"


def _subject_of(pieces: Sequence[_Piece], verb: int) -> int | None:
    """Where the "I" stands with which a "was" has to agree; None if there is none."""
    before = next((place for place in reversed(range(verb)) if pieces[place].word not in _BETWEEN), None)
    if before is not None and pieces[before].word == "i":
        return before
    if verb + 1 < len(pieces) and pieces[verb + 1].word == "i":
        return verb + 1
    if before is None or pieces[before].word not in _JOINING:
        return None
    # "I called and was glad"
    subject = next((place for place in reversed(range(before)) if pieces[place].word in SUBJECTS), None)
    return subject if subject is not None and pieces[subject].base == "i" else None
