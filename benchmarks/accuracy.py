"""Words wrong and words dropped: Diarist against faster-whisper, sequential and batched, on the same clips."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import jiwer
from figures import Figure
from material import Clip
from raw_whisper import answers
from system import running
from whisper_normalizer.english import EnglishTextNormalizer

from diarist.engine.models import resolve

MODELS = ("base", "tiny.en")


def measure(sets: dict[str, list[Clip]], cache_dir: Path) -> list[Figure]:
    """Word error rate and deletions of every set of clips; ours must be no worse than the better of the other two."""
    found = []
    for model in MODELS:
        paths = {clip.path: clip for clips in sets.values() for clip in clips}
        with tempfile.TemporaryDirectory() as folder:
            ours = asyncio.run(_ours(list(paths), model, Path(folder), cache_dir))
        directory = str(resolve(model, cache_dir).path)
        heard = {"Diarist": ours} | {
            mode: {Path(answer.file): answer.text for answer in answers(directory, mode, list(paths))}
            for mode in ("sequential", "batched")
        }
        for name, clips in sets.items():
            if clips:
                found += _compare(f"{model}, {name}", clips, heard, judged=False)
        # One word more or less in a small set says nothing: all of it together is judged.
        found += _compare(f"{model}, all", [clip for clips in sets.values() for clip in clips], heard, judged=True)
    return found


async def _ours(paths: list[Path], model: str, folder: Path, cache_dir: Path) -> dict[Path, str]:
    async with running(folder, model, cache_dir) as system:
        return {path: (await system.hear(path))[0].text for path in paths}


def _compare(name: str, clips: list[Clip], heard: dict[str, dict[Path, str]], *, judged: bool) -> list[Figure]:
    normalize = EnglishTextNormalizer()
    references = [normalize(clip.reference) for clip in clips]
    scores = {
        who: jiwer.process_words(references, [normalize(texts[clip.path]) for clip in clips]) for who, texts in heard.items()
    }
    words = sum(len(reference.split()) for reference in references)
    best = min(scores["sequential"].wer, scores["batched"].wer) * 100
    rows = [Figure(section="accuracy", name=f"{name}: words", value=words, unit="")]
    for who, score in scores.items():
        goal = best if judged and who == "Diarist" else None
        rows += [
            Figure(section="accuracy", name=f"{name}: word error rate, {who}", value=score.wer * 100, unit="%", goal=goal),
            Figure(section="accuracy", name=f"{name}: deletions, {who}", value=score.deletions, unit="words"),
        ]
    return rows
