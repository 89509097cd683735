"""A transcript as PDF, typeset by Typst with the fonts of the extra `export`."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from diarist.domain.clock import clock
from diarist.domain.transcript import Transcript
from diarist.errors import ExportFailed
from diarist.transcription.formats.glyphs import in_words, undrawable
from diarist.transcription.formats.reading import RIGHT_TO_LEFT, Origin, arrange, facts, no_libraries, notices
from diarist.transcription.formats.wording import plain

_FIRST = "Noto Sans"
_CHINESE = {"ja": "JP", "ko": "KR", "yue": "HK"}
"""Languages that draw Chinese characters in ways of their own; elsewhere they are drawn as in mainland China."""
_UNDRAWN = "\ufffd"


def pdf(transcript: Transcript, origin: Origin) -> bytes:
    """A PDF; characters that no font has are shown by a sign, and the first page says so.

    Raises `NotSupported` without the extra `export`, `ExportFailed`.
    """
    try:
        import typst

        folders = [Path(str(files("manimgx_fonts"))), Path(str(files("manimgx_fonts_cjk")))]
    except ImportError as error:
        raise no_libraries() from error

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in folders])
    cjk = f"Noto Sans CJK {_CHINESE.get(transcript.language or '', 'SC')}"
    data = _data(transcript, origin, [_FIRST, cjk, *sorted(set(fonts.families()) - {_FIRST, cjk})])
    missing = undrawable(json.dumps(data, ensure_ascii=False), folders)
    if missing:
        data["notices"].append(f"No font has {in_words(missing)}: shown as {_UNDRAWN} here, whole in every other format.")
    text = json.dumps(data, ensure_ascii=False).translate(dict.fromkeys(map(ord, missing), _UNDRAWN))
    template = files("diarist.transcription.formats").joinpath("pdf.typ").read_bytes()
    sources: Any = {"main.typ": template, "data.json": text.encode()}  # the stub knows only single files
    try:
        document: bytes = typst.compile(
            sources, font_paths=fonts, ignore_system_fonts=True, format="pdf", timestamp=int(origin.added_at.timestamp())
        )
    except typst.TypstError as error:
        raise ExportFailed(f"the typesetter refused the document: {error.message}") from error
    return document


def _data(transcript: Transcript, origin: Origin, fonts: list[str]) -> dict[str, Any]:
    """What `pdf.typ` reads."""
    return {
        "title": plain(origin.title),
        "language": transcript.language if re.fullmatch("[a-z]{2,3}", transcript.language or "") else "en",
        "rtl": transcript.language in RIGHT_TO_LEFT,
        "fonts": fonts,
        "facts": facts(transcript, origin),
        "notices": notices(transcript),
        "blocks": [
            {
                "time": clock(block.start),
                "url": origin.play_url(block.start),
                "heading": block.heading,
                "gap": block.gap,
                "passages": [{"text": passage.text, "doubt": passage.doubt} for passage in block.passages],
            }
            for block in arrange(transcript)
        ],
    }
