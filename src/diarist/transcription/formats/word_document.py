"""A transcript as a Word document (Office Open XML): times hang in the margin, doubts are comments."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING

from diarist.domain.clock import clock
from diarist.domain.transcript import Transcript
from diarist.transcription.formats.reading import RIGHT_TO_LEFT, Block, Origin, arrange, facts, no_libraries, notices
from diarist.transcription.formats.wording import plain

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_MARGIN = 1.8
"""Centimetres for the times."""
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def word_document(transcript: Transcript, origin: Origin) -> bytes:
    """A `.docx` file; raises `NotSupported` without the extra `export`."""
    try:
        import docx
    except ImportError as error:
        raise no_libraries() from error

    document, title = docx.Document(), plain(origin.title)
    about = document.core_properties
    about.title, about.author, about.created = title, "Diarist", origin.added_at.astimezone(UTC).replace(tzinfo=None)
    about.language = transcript.language or ""
    _dress(document, title, transcript.language)
    document.add_heading(title, level=0)
    document.add_paragraph(" · ".join(f"{name}: {value}" for name, value in facts(transcript, origin)))
    for notice in notices(transcript):
        document.add_paragraph().add_run(notice).italic = True
    for block in arrange(transcript):
        _add(document, block, origin, right_to_left=transcript.language in RIGHT_TO_LEFT)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _add(document: Document, block: Block, origin: Origin, *, right_to_left: bool) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    if block.heading:
        document.add_heading(block.heading, level=1)
        return
    paragraph = document.add_paragraph()
    if right_to_left:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001 - python-docx has no name for it
    shape = paragraph.paragraph_format
    shape.left_indent, shape.first_line_indent = Cm(_MARGIN), Cm(-_MARGIN)
    shape.tab_stops.add_tab_stop(Cm(_MARGIN))
    _add_time(paragraph, clock(block.start), origin.play_url(block.start))
    paragraph.add_run("\t")
    if block.gap:
        paragraph.add_run(f"[{block.gap}]").italic = True
    for place, passage in enumerate(block.passages):
        if place:
            paragraph.add_run(" ")
        run = paragraph.add_run(passage.text)
        run.font.rtl = right_to_left or None
        if passage.doubt:
            run.italic = True
            document.add_comment(run, passage.doubt, author="Diarist", initials="D")


def _add_time(paragraph: Paragraph, time: str, url: str | None) -> None:
    """The time, linked to the moment where it can be played."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    run = paragraph.add_run(time)
    run.font.color.rgb = RGBColor(0x60, 0x60, 0x60)
    if url:
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(url, _HYPERLINK, is_external=True))
        link.append(run._r)  # noqa: SLF001 - python-docx reads hyperlinks but makes none
        paragraph._p.append(link)  # noqa: SLF001 - same


def _dress(document: Document, title: str, language: str | None) -> None:
    """The title above and the page's number below each page; the language, for who hyphenates and reads aloud."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section = document.sections[0]
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
        document.styles["Normal"].element.get_or_add_rPr().append(element)
