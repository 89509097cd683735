from diarist.domain.transcript import Segment
from diarist.transcription.hypotheses import decide


def read(text: str, *codes: str, probability: float = 0.9, silence: float = 0.0) -> Segment:
    return Segment(start=1.0, end=3.0, text=text, probability=probability, suspicions=codes, no_speech_probability=silence)


def outcome(first: list[Segment], second: list[Segment]) -> tuple[list[str], list[tuple[str, bool]]]:
    """The texts that stand, and those that are withdrawn, with whether they are replaced."""
    standing, withdrawn = decide(first, second)
    return [one.text for one in standing], [(one.text, one.replaced) for one in withdrawn]


def test_the_reading_under_fewer_suspicions_wins() -> None:
    looped = read("so so so so", "repetition", "improbable")
    assert outcome([looped], [read("so we went", "improbable")]) == (["so we went"], [("so so so so", True)])
    assert outcome([read("we went there", "improbable")], [read("we we went we", "improbable", "too_fast")]) == (
        ["we went there"],
        [],
    )


def test_under_as_many_the_more_probable_wins() -> None:
    first = read("many zany seers", "improbable", probability=0.2)
    assert outcome([first], [read("many, many years", "improbable", probability=0.3)])[0] == ["many, many years"]
    assert outcome([first], [read("mini zenith", "improbable", probability=0.1)])[0] == ["many zany seers"]


def test_suspicions_count_by_word_so_that_one_bad_word_does_not_spoil_a_good_sentence() -> None:
    first = [read("we went and we went and we went and", "repetition")]
    second = [read("So we went to the harbour and back."), read("Huh.", "improbable")]
    assert outcome(first, second)[0] == ["So we went to the harbour and back.", "Huh."]


def test_words_are_not_lost_only_for_being_improbable() -> None:
    first = read("he came in by the window at five", "improbable")
    assert outcome([first], [read("He came in.")]) == (["he came in by the window at five"], [])
    assert outcome([first], [read("He came in by the window, right?")])[0] == ["He came in by the window, right?"]
    assert outcome([read("he he he he he he he he", "repetition")], [read("He!")])[0] == ["He!"]


def test_the_same_words_stand_with_the_better_judgement_and_nothing_is_withdrawn() -> None:
    first = [read("I walked home.", "improbable", probability=0.3)]
    standing, withdrawn = decide(first, [read("I walked home", probability=0.8)])
    assert (standing[0].suspicions, standing[0].probability, withdrawn) == ((), 0.8, ())
    assert decide(first, [read("I walked home", "improbable", probability=0.2)]) == (tuple(first), ())


def test_what_nobody_said_is_withdrawn_when_it_is_not_heard_again() -> None:
    for phantom in (
        read("Thanks for watching!", "phantom_phrase"),
        read("And so on.", "over_silence"),
        read("Huh.", "improbable", silence=0.8),
        read("So am I.", "unconfirmed"),
    ):
        assert outcome([phantom], []) == ([], [(phantom.text, False)])


def test_marks_without_a_word_are_nothing_heard() -> None:
    looped = read("no no no no no no no no", "repetition")
    assert outcome([looped], [read("...")]) == ([looped.text], [])
    assert outcome([read("Thanks for watching!", "phantom_phrase")], [read("…")]) == ([], [("Thanks for watching!", False)])


def test_what_somebody_may_have_said_stays_marked_though_it_is_not_heard_again() -> None:
    first = [read("many zany seers", "improbable"), read("no no no no no no no no", "repetition"), read("Bye.", "phantom_phrase")]
    standing, withdrawn = decide(first, [])
    assert standing == tuple(first[:2])
    assert [(one.text, one.suspicions, one.start, one.end) for one in withdrawn] == [("Bye.", ("phantom_phrase",), 1.0, 3.0)]


def test_a_phantom_that_is_heard_again_stays_marked() -> None:
    phantom = read("Thanks for watching!", "phantom_phrase")
    assert decide([phantom], [phantom]) == ((phantom,), ())
