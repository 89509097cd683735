from dataclasses import replace

from diarist.cli.showing import _text_counts, _transcript_lines
from diarist.cli.transcripts import _lines
from diarist.domain.transcript import Withdrawn
from heard import heard

WHOLE = heard("I walked to the harbour. I sold my house to Anna.", segment_words=5)
DOUBTED = replace(
    WHOLE,
    segments=(WHOLE.segments[0], replace(WHOLE.segments[1], suspicions=("improbable", "too_fast"))),
    withdrawn=(Withdrawn(start=4.0, end=5.0, text="Thanks for watching!", suspicions=("phantom_phrase",), replaced=False),),
)


def test_a_suspect_line_says_so_and_what_was_withdrawn_is_not_read() -> None:
    texts = [text for _, text, _ in _lines(DOUBTED)]
    assert texts == ["I walked to the harbour.", "[doubtful: improbable, too_fast] I sold my house to"]


def test_show_counts_what_is_doubted() -> None:
    told = {label: str(text) for label, text in _transcript_lines(DOUBTED)}
    assert told["doubted"] == "1 segment marked as suspect, 1 passage withdrawn"
    assert _text_counts(DOUBTED) == {"segments": 2, "words": 10, "suspect": 1, "withdrawn": 1}
    assert "doubted" not in dict(_transcript_lines(WHOLE))
