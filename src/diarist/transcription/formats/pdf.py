"""Documents as PDF, typeset by Typst with the fonts of the extra `export`."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from diarist.errors import ExportFailed
from diarist.transcription.formats.document import Document, no_libraries
from diarist.transcription.formats.glyphs import in_words, undrawable

_FIRST = "Noto Sans"
_CHINESE = {"ja": "JP", "ko": "KR", "yue": "HK"}
"""Languages that draw Chinese characters in ways of their own; elsewhere they are drawn as in mainland China."""
_UNDRAWN = "\ufffd"


def pdf(document: Document) -> bytes:
    """A PDF; characters that no font has are shown by a sign, and the first page says so.

    Raises `NotSupported` without the extra `export`, `ExportFailed`.
    """
    try:
        import typst

        folders = [Path(str(files("manimgx_fonts"))), Path(str(files("manimgx_fonts_cjk")))]
    except ImportError as error:
        raise no_libraries() from error

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in folders])
    cjk = f"Noto Sans CJK {_CHINESE.get(document.language or '', 'SC')}"
    data = _data(document, [_FIRST, cjk, *sorted(set(fonts.families()) - {_FIRST, cjk})])
    missing = undrawable(json.dumps(data, ensure_ascii=False), folders)
    if missing:
        data["notices"] += (f"No font has {in_words(missing)}: shown as {_UNDRAWN} here, whole in every other format.",)
    text = json.dumps(data, ensure_ascii=False).translate(dict.fromkeys(map(ord, missing), _UNDRAWN))
    template = files("diarist.transcription.formats").joinpath("pdf.typ").read_bytes()
    sources: Any = {"main.typ": template, "data.json": text.encode()}  # the stub knows only single files
    try:
        file: bytes = typst.compile(
            sources, font_paths=fonts, ignore_system_fonts=True, format="pdf", timestamp=int(document.spoken_at.timestamp())
        )
    except typst.TypstError as error:
        raise ExportFailed(f"the typesetter refused the document: {error.message}") from error
    return file


def _data(document: Document, fonts: list[str]) -> dict[str, Any]:
    """What `pdf.typ` reads."""
    return {
        **asdict(document),
        "spoken_at": None,
        "language": document.language if re.fullmatch("[a-z]{2,3}", document.language or "") else "en",
        "rtl": document.right_to_left,
        "fonts": fonts,
    }
