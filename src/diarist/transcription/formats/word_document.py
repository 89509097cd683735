"""Documents for Word (Office Open XML): times hang in the margin, notes are comments."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING

from diarist.transcription.formats.document import Block, Document, no_libraries

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

_MARGIN = 1.8
"""Centimetres for the times."""
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def word_document(document: Document) -> bytes:
    """A `.docx` file; raises `NotSupported` without the extra `export`."""
    try:
        import docx
    except ImportError as error:
        raise no_libraries() from error

    word = docx.Document()
    about = word.core_properties
    about.title, about.author, about.language = document.title, "Diarist", document.language or ""
    about.created = document.spoken_at.astimezone(UTC).replace(tzinfo=None)
    _dress(word, document.title, document.language)
    word.add_heading(document.title, level=0)
    word.add_paragraph(" · ".join(f"{name}: {value}" for name, value in document.facts))
    for notice in document.notices:
        word.add_paragraph().add_run(notice).italic = True
    for block in document.blocks:
        _add(word, block, right_to_left=document.right_to_left)
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _add(word: WordDocument, block: Block, *, right_to_left: bool) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    if block.heading:
        word.add_heading(block.heading, level=1)
        return
    paragraph = word.add_paragraph()
    if right_to_left:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001 - python-docx has no name for it
    shape = paragraph.paragraph_format
    shape.left_indent, shape.first_line_indent = Cm(_MARGIN), Cm(-_MARGIN)
    shape.tab_stops.add_tab_stop(Cm(_MARGIN))
    _add_time(paragraph, block)
    paragraph.add_run("\t")
    if block.speaker:
        paragraph.add_run(f"{block.speaker}: ").bold = True
    if block.gap:
        paragraph.add_run(f"[{block.gap}]").italic = True
    for place, passage in enumerate(block.passages):
        if place:
            paragraph.add_run(" ")
        run = paragraph.add_run(passage.text)
        run.font.rtl = right_to_left or None
        run.italic = passage.doubtful or None
        if passage.note:
            word.add_comment(run, passage.note, author="Diarist", initials="D")


def _add_time(paragraph: Paragraph, block: Block) -> None:
    """The time, linked to the moment where it can be played."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    run = paragraph.add_run(block.time)
    run.font.color.rgb = RGBColor(0x60, 0x60, 0x60)
    if block.url:
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(block.url, _HYPERLINK, is_external=True))
        link.append(run._r)  # noqa: SLF001 - python-docx reads hyperlinks but makes none
        paragraph._p.append(link)  # noqa: SLF001 - same


def _dress(word: WordDocument, title: str, language: str | None) -> None:
    """The title above and the page's number below each page; the language, for who hyphenates and reads aloud."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.header.paragraphs[0].text = title
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for code, after in (("PAGE", " / "), ("NUMPAGES", "")):
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        foot._p.append(field)  # noqa: SLF001 - python-docx has no name for fields
        foot.add_run(after)
    if language:
        element = OxmlElement("w:lang")
        for attribute in ("w:val", "w:eastAsia", "w:bidi"):
            element.set(qn(attribute), language)
        word.styles["Normal"].element.get_or_add_rPr().append(element)
