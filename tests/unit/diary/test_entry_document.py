"""Entries as files: read back by libraries that are not ours."""

from io import BytesIO

import docx
import yaml
from pypdf import PdfReader

from diarist.diary.document import entry_document
from diarist.domain.diary import ActionItem, Citation, Entry, Mention, Mood, Sentence
from diarist.transcription.formats.form import TranscriptFormat
from diarist.transcription.formats.rendering import draw
from made_transcripts import ORIGIN

PROOF = Citation(segment_ids=(3,), start=12.4, end=15.9, quote="I called Anna about the garden")
AGAIN = Citation(segment_ids=(9,), start=61.0, end=64.0, quote="Anna, about her *garden*")
ENTRY = Entry(
    title="The garden",
    sentences=(Sentence(text="I called Anna about the garden.", citations=(PROOF, AGAIN)),),
    action_items=(ActionItem(text="Water it", due="by Thursday", citations=(AGAIN,)),),
    people=(Mention(name="Anna", citations=(PROOF,)),),
    topics=(),
    mood=Mood(valence=0.3, arousal=None, label="positive", citations=(PROOF,)),
    language="en",
    composed_by="extractive",
    notes=("Two sentences were left out.",),
)
DOCUMENT = entry_document(ENTRY, ORIGIN)
NOTE = "0:12 “I called Anna about the garden”; 1:01 “Anna, about her *garden*”"


def test_markdown_links_each_sentence_to_its_moment_and_notes_its_proof() -> None:
    _, front, body = draw(DOCUMENT, TranscriptFormat.MD).decode().split("---\n", 2)
    told = yaml.safe_load(front)
    assert (told["title"], told["mood"], told["composed_by"]) == ("The garden", "positive", "extractive")
    assert f"\n[0:12]({ORIGIN.audio_url}#t=12.40) I called Anna about the garden.[^1]\n" in body
    assert f"\n[^1]: {NOTE}\n" in body.replace("\\", "")
    assert f"\n## To do\n\n[1:01]({ORIGIN.audio_url}#t=61.00) Water it (due: by Thursday)[^2]\n" in body
    assert "## People" in body
    assert "## Topics" not in body
    assert "*Two sentences were left out.*" in body


def test_word_has_the_proof_as_comments() -> None:
    read = docx.Document(BytesIO(draw(DOCUMENT, TranscriptFormat.DOCX)))
    assert "0:12\tI called Anna about the garden." in [paragraph.text for paragraph in read.paragraphs]
    assert next(iter(read.comments)).text == NOTE


def test_pdf_has_the_proof_as_footnotes() -> None:
    [page] = PdfReader(BytesIO(draw(DOCUMENT, TranscriptFormat.PDF))).pages
    text = " ".join(page.extract_text().split())
    assert "0:12 I called Anna about the garden.1" in text
    assert f"1{NOTE}" in text
