"""The second hearing with engines that are a list of words and times."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from diarist.domain.audio import Span
from diarist.domain.transcript import ChunkTranscript, Segment, Withdrawn, Word
from diarist.errors import EngineFailed
from diarist.ports.transcription_engine import Guidance
from diarist.transcription.second_hearing import Settled, settle

SPEECH = (Span(0.0, 60.0),)


def said(text: str, start: float, *, belief: float = 0.9, silence: float = 0.0) -> Segment:
    """Three words a second."""
    words = tuple(
        Word(start=start + place / 3, end=start + (place + 1) / 3, text=word, probability=belief)
        for place, word in enumerate(text.split())
    )
    return Segment(start=start, end=words[-1].end, text=text, probability=belief, words=words, no_speech_probability=silence)


def heard(*segments: Segment, language: str | None = "en") -> ChunkTranscript:
    return ChunkTranscript(language=language, language_probability=0.9, segments=segments, engine="first", model="one")


class Ear:
    """Hears what it was given, within the spans, and remembers what it was asked."""

    def __init__(self, *segments: Segment, engine: str = "first", fails: bool = False) -> None:
        self.segments, self.engine, self.fails = segments, engine, fails
        self.asked: list[tuple[tuple[Span, ...], Guidance]] = []

    async def __call__(self, speech: Sequence[Span], guidance: Guidance) -> AsyncGenerator[Segment | ChunkTranscript, None]:
        self.asked.append((tuple(speech), guidance))
        if self.fails:
            raise EngineFailed("out of order")
        for one in self.segments:
            if any(span.start <= one.start and one.end <= span.end for span in speech):
                yield one
        yield replace(heard(*self.segments), engine=self.engine, model=self.engine)


async def settled(
    first: ChunkTranscript, ear: Ear, *, speech: Sequence[Span] = SPEECH, guidance: Guidance | None = None
) -> Settled:
    return await settle(first, speech, 60.0, guidance or Guidance(), ear)


def texts(answer: ChunkTranscript) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.text, one.suspicions) for one in answer.segments]


BEFORE, AFTER = said("I walked to the harbour.", 1.0), said("Then I went home.", 10.0)


async def test_without_a_suspicion_nothing_is_heard_again() -> None:
    ear = Ear()
    answer = (await settled(heard(BEFORE, AFTER), ear)).heard
    assert answer == heard(BEFORE, AFTER)
    assert ear.asked == []


async def test_a_suspect_is_heard_again_with_care_in_the_language_of_the_chunk_without_hints() -> None:
    ear = Ear(said("And it rained.", 5.0))
    guidance = Guidance(vocabulary=("Kowalski",), recording_seconds=60.0)
    answer = (await settled(heard(BEFORE, said("many zany seer", 5.0, belief=0.2), AFTER), ear, guidance=guidance)).heard
    assert ear.asked == [
        ((Span(BEFORE.end - 1.0, 6.0 + 3.0 + 1.0),), Guidance(careful=True, language="en", recording_seconds=60.0))
    ]
    assert texts(answer) == [(BEFORE.text, ()), ("And it rained.", ()), (AFTER.text, ())]
    assert answer.withdrawn == (Withdrawn(start=5.0, end=6.0, text="many zany seer", suspicions=("improbable",), replaced=True),)


async def test_words_of_the_neighbours_that_sound_along_are_not_taken() -> None:
    ear = Ear(BEFORE, said("And it rained.", 5.0), AFTER)
    answer = (await settled(heard(BEFORE, said("many zany seer", 5.0, belief=0.2), AFTER), ear)).heard
    assert [text for text, _ in texts(answer)] == [BEFORE.text, "And it rained.", AFTER.text]


async def test_text_where_no_voice_is_near_is_withdrawn_without_an_engine() -> None:
    ear = Ear()
    phantom = said("Thanks for watching!", 40.0)
    answer = (await settled(heard(BEFORE, phantom), ear, speech=(Span(0.0, 5.0),))).heard
    assert texts(answer) == [(BEFORE.text, ())]
    assert [(one.text, one.suspicions, one.replaced) for one in answer.withdrawn] == [
        (phantom.text, ("over_silence", "phantom_phrase"), False)
    ]
    assert ear.asked == []


async def test_what_is_repeated_over_silence_is_not_confirmed_by_that() -> None:
    phantom = said("Thanks for watching!", 6.5)

    async def everywhere(speech: Sequence[Span], guidance: Guidance) -> AsyncGenerator[Segment | ChunkTranscript, None]:
        yield phantom
        yield heard(phantom)

    outcome = await settle(heard(BEFORE, phantom), (Span(0.0, 5.0),), 60.0, Guidance(), everywhere)
    assert texts(outcome.heard) == [(BEFORE.text, ())]
    assert [one.text for one in outcome.heard.withdrawn] == [phantom.text]


async def test_what_the_second_hearing_repeats_stays_marked() -> None:
    phantom = said("Thanks for watching!", 40.0)
    answer = (await settled(heard(phantom), Ear(phantom), speech=(Span(39.0, 42.0),))).heard
    assert texts(answer) == [(phantom.text, ("phantom_phrase",))]
    assert answer.withdrawn == ()


async def test_what_is_left_of_a_loop_is_judged_anew() -> None:
    loop = [said("I don't know what to do.", 5.0 + 3 * place) for place in range(4)]
    answer = (await settled(heard(*loop), Ear(loop[0], said("But then I did.", 9.0)))).heard
    assert texts(answer) == [(loop[0].text, ()), ("But then I did.", ())]
    assert len(answer.withdrawn) == 4


async def test_what_was_suspect_only_for_its_neighbours_is_cleared_with_them() -> None:
    line = (
        "This morning I walked along the river to the old harbour, where two ships lay at anchor, "
        "and nobody could tell me why none of them had sailed."
    )
    first = [said(line, 12.0 * place) for place in range(3)]
    again = Ear(said("So it began.", 1.0), said("And went on.", 13.0), first[2])
    answer = (await settled(heard(*first), again)).heard
    assert texts(answer) == [("So it began.", ()), ("And went on.", ()), (line, ())]


async def test_who_heard_what_stands_is_named() -> None:
    doubted = heard(BEFORE, said("many zany seer", 5.0, belief=0.2), AFTER)
    better = (await settled(doubted, Ear(said("And it rained.", 5.0), engine="second"))).heard
    worse = (await settled(doubted, Ear(said("mini zany", 5.0, belief=0.1), engine="second"))).heard
    assert (better.engine, better.model) == ("first, second", "one, second")
    assert (worse.engine, worse.model) == ("first", "one")


async def test_a_second_hearing_that_fails_costs_nothing_of_the_first_and_says_so() -> None:
    doubted = heard(BEFORE, said("many zany seer", 5.0, belief=0.2), AFTER)
    outcome = await settled(doubted, Ear(fails=True))
    assert texts(outcome.heard) == [(BEFORE.text, ()), ("many zany seer", ("improbable",)), (AFTER.text, ())]
    assert isinstance(outcome.failure, EngineFailed)


async def test_what_was_heard_in_another_language_is_heard_again_in_that() -> None:
    german = replace(said("das ist so", 5.0, belief=0.2), language="de")
    ear = Ear(said("Das ist es ja.", 5.0))
    answer = (await settled(heard(BEFORE, german), ear)).heard
    assert ear.asked[0][1].language == "de"
    assert [(one.text, one.language) for one in answer.segments] == [(BEFORE.text, None), ("Das ist es ja.", "de")]


def doubted(text: str, start: float) -> Segment:
    """As an engine gives what it did not hear again itself."""
    return replace(said(text, start), suspicions=("unconfirmed",))


async def test_what_the_engine_did_not_hear_again_itself_is_withdrawn_unless_it_is_heard_now() -> None:
    first = heard(BEFORE, doubted("And it rained.", 5.0), AFTER)
    answer = (await settled(first, Ear())).heard
    assert texts(answer) == [(BEFORE.text, ()), (AFTER.text, ())]
    assert answer.withdrawn == (
        Withdrawn(start=5.0, end=6.0, text="And it rained.", suspicions=("unconfirmed",), replaced=False),
    )
    confirmed = (await settled(first, Ear(said("And it rained.", 5.0)))).heard
    assert texts(confirmed) == [(BEFORE.text, ()), ("And it rained.", ()), (AFTER.text, ())]
    assert confirmed.withdrawn == ()


async def test_it_does_not_stand_either_where_there_is_no_time_for_another_hearing_or_it_fails() -> None:
    # Noise all through: no two texts fit into one hearing, and the budget is for some of the hearings.
    phantoms = [doubted("So am I.", 30.0 * place) for place in range(27)]
    ear = Ear()
    answer = (await settle(heard(*phantoms), (Span(0.0, 800.0),), 800.0, Guidance(), ear)).heard
    assert 0 < len(ear.asked) < len(phantoms)
    assert answer.segments == ()
    assert [one.start for one in answer.withdrawn] == [one.start for one in phantoms]
    failed = await settled(heard(BEFORE, doubted("So am I.", 5.0)), Ear(fails=True))
    assert failed.failure
    assert texts(failed.heard) == [(BEFORE.text, ())]
    assert len(failed.heard.withdrawn) == 1


async def test_what_the_engine_replaced_itself_is_kept_beside_what_is_withdrawn_here() -> None:
    own = Withdrawn(start=12.0, end=13.0, text="Than I went.", suspicions=("doubted",), replaced=True)
    first = replace(heard(BEFORE, AFTER), withdrawn=(own,))
    assert (await settled(first, Ear())).heard.withdrawn == (own,)
    doubted = replace(heard(BEFORE, said("many zany seer", 5.0, belief=0.2), AFTER), withdrawn=(own,))
    answer = (await settled(doubted, Ear(said("And it rained.", 5.0)))).heard
    assert [one.text for one in answer.withdrawn] == ["many zany seer", "Than I went."]
