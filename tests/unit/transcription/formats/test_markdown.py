"""Markdown as readers see it: the body by `markdown-it-py`, the front matter by PyYAML."""

from datetime import UTC, datetime

import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from diarist.domain.transcript import Transcript
from diarist.transcription.formats.document import Origin
from diarist.transcription.formats.markdown import markdown as draw
from diarist.transcription.formats.reading import transcript_document
from diarist.transcription.formats.wording import plain
from made_transcripts import ORIGIN, gap, segment, spoken, transcript

UNPLAYABLE = Origin(recording_id="1", title="Memo", spoken_at=ORIGIN.spoken_at)


def markdown(told: Transcript, origin: Origin) -> str:
    return draw(transcript_document(told, origin))


def opened(text: str) -> tuple[dict[str, object], list[Token]]:
    _, front, body = text.split("---\n", 2)
    return yaml.safe_load(front), MarkdownIt("commonmark").parse(body)


def inline(tokens: list[Token]) -> list[list[Token]]:
    return [token.children or [] for token in tokens if token.type == "inline"]


def shown(children: list[Token]) -> str:
    return "".join(child.content for child in children if child.type in {"text", "text_special", "code_inline"})


def test_the_front_matter_says_what_it_is() -> None:
    front, _ = opened(markdown(transcript(spoken(0.0, "Hello."), duration=3700.0, trust=87), ORIGIN))
    assert front == {
        "title": "Tuesday *evening*: a walk",
        "date": datetime(2026, 11, 3, 19, 20, 11, tzinfo=UTC),
        "duration": "1:01:40",
        "language": "en",
        "model": "words",
        "engine": "scripted",
        "trust": "87",
        "recording": ORIGIN.recording_id,
    }


def test_each_paragraph_begins_with_a_link_that_plays_it() -> None:
    told = transcript(spoken(0.0, "We went out."), spoken(12.5, "Then we came home."))
    _, tokens = opened(markdown(told, ORIGIN))
    heading, first, second = inline(tokens)
    assert shown(heading) == "Tuesday *evening*: a walk"
    assert shown(first) == "0:00 We went out."
    assert second[0].attrs == {"href": f"{ORIGIN.audio_url}#t=12.50"}
    assert shown(second) == "0:12 Then we came home."


def test_without_an_address_times_are_no_links() -> None:
    _, tokens = opened(markdown(transcript(spoken(0.0, "We went out.")), UNPLAYABLE))
    assert [child.type for child in inline(tokens)[1]][:3] == ["text", "strong_open", "text"]


def test_long_recordings_have_headings() -> None:
    told = transcript(*(spoken(at, "We walked on.") for at in (0.0, 300.0, 900.0, 1300.0, 4000.0)))
    _, tokens = opened(markdown(told, UNPLAYABLE))
    headings = [
        shown(tokens[place + 1].children or []) for place, token in enumerate(tokens) if token.tag == "h2" and token.nesting == 1
    ]
    assert headings == ["0:00", "15:00", "1:06:40"]


@given(st.text(min_size=1, max_size=40))
@example("*a* _b_ `c` [d](e) <f> ~~g~~ ==h== $i$ %%j%% #k ^l | &amp; \\m ![n] [^1] [[o]]")
@example("1. one - two + three > four # five")
def test_what_was_said_is_never_markup(text: str) -> None:
    told = transcript(segment(0.0, 1.0, text))
    _, tokens = opened(markdown(told, UNPLAYABLE))
    said = [shown(children) for children in inline(tokens)[1:]]
    assert said == ([f"0:00 {plain(text)}"] if plain(text) else [])
    assert plain(text) or "Nothing was said" not in markdown(told, UNPLAYABLE)


def test_doubts_and_gaps_stand_where_they_belong() -> None:
    told = transcript(
        spoken(0.0, "We went home."),
        spoken(2.0, "Home home home.", suspicions=("repetition",)),
        gaps=(gap(60.0, 600.0),),
        partial=True,
    )
    text = markdown(told, UNPLAYABLE)
    assert "We went home. <mark>Home home home.</mark>[^1]" in text
    assert "\n[^1]: This may not be what was said: repetition.\n" in text
    assert "\n> [!warning] 1:00\n> Not transcribed until 10:00: The engine failed. (engine_failed)\n" in text.replace("\\", "")
    assert "*This is what there is so far; more is to come.*" in text
    assert opened(text)[0]["partial"] is True


def test_silence_says_so() -> None:
    assert "*Nothing was said in this recording.*" in markdown(transcript(), UNPLAYABLE)
