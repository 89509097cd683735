"""Diarist against faster-whisper by itself: speed, errors, inventions, word times, memory; exits 1 when a goal is missed.

Nine minutes on two cores that have nothing else to do; the first time, the material has to be spoken besides.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent
# The speaker lies with the sample recording, and the benchmarks are plain scripts beside each other.
sys.path[:0] = [str(ROOT), str(ROOT.parent / "samples")]

import lengths  # noqa: E402
from comparison import BATCHED, OURS, RAW, SEQUENTIAL, Row, show_comparison  # noqa: E402
from figures import save  # noqa: E402
from heard_material import QUICK, WHOLE, Material, prepare  # noqa: E402
from raw_whisper import RawAnswer, answers  # noqa: E402

from diarist.cli.evaluating.run import Run, run  # noqa: E402
from diarist.engine.models import resolve  # noqa: E402
from diarist.evaluation.references import Sample  # noqa: E402
from diarist.evaluation.results import in_all  # noqa: E402
from diarist.evaluation.scoring import Comparison, SaidWord, TimeErrors, WordErrors, compare  # noqa: E402
from diarist.settings import LogSettings, load_settings  # noqa: E402
from diarist.telemetry.logging import configure_logging  # noqa: E402

SPEED = {"tiny.en": 75.0, "base": 40.0}
"""Seconds of sound in a second, on a processor with bf16; elsewhere what faster-whisper's batches reach."""
OVER_BATCHED = 1.7
MEDIAN_MS, PERCENTILE_MS = 60.0, 250.0


def main() -> int:
    """Measure, print, write; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little of everything, to try the script; no goal is judged")
    parser.add_argument("--json", type=Path, default=ROOT / "results" / "transcription.json", help="where to write the figures")
    arguments = parser.parse_args()
    amounts = QUICK if arguments.quick else WHOLE
    configure_logging(LogSettings(level="warning"))
    cache_dir = load_settings().cache_dir
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        _say("material")
        material = prepare(amounts, Path(folder), cache_dir)
        started = time.perf_counter()
        for model in amounts.models:
            rows += _compare(model, material, cache_dir)
        _say("lengths")
        rows += lengths.measure([sample.audio for sample in material.usual], cache_dir, repeats=amounts.repeats)
    seconds = time.perf_counter() - started
    rows.sort(key=lambda row: list(SPEED).index(row.section))
    show_comparison(rows, f"{'bf16' if _has_bf16() else 'no bf16'}; {seconds:.0f} s")
    figures = [figure for row in rows for figure in row.figures()]
    save(figures, arguments.json)
    return 1 if any(figure.missed for figure in figures) and not arguments.quick else 0


def _compare(model: str, material: Material, cache_dir: Path) -> list[Row]:
    """All contenders; ours and the batched one in turns, so that both have the same machine however it changes."""
    settings, directory = load_settings(), str(resolve(model, cache_dir).path)

    def hear(samples: Sequence[Sample]) -> Run:
        return asyncio.run(run(settings, settings.engine.model_copy(update={"model": model}), samples, lambda *_: None))

    def hear_raw(mode: str, samples: Sequence[Sample]) -> dict[str, RawAnswer]:
        found = answers(directory, mode, [sample.audio for sample in samples])
        return {sample.name: answer for sample, answer in zip(samples, found, strict=True)}

    _say(f"{model}: Diarist")
    ours = hear([*material.real, *material.wordless])
    raw: dict[str, dict[str, RawAnswer]] = {}
    for mode in RAW:
        _say(f"{model}: {mode}")
        raw[mode] = hear_raw(mode, [*material.compared, *material.briefly])
    for sample in material.timed:
        _say(f"{model}: in turns, {sample.name}")
        turn = hear([sample])
        ours.found |= turn.found
        ours.peak_memory = max(ours.peak_memory or 0, turn.peak_memory or 0)
        raw[BATCHED] |= hear_raw(BATCHED, [sample])
    memory = {OURS: (ours.peak_memory or 0) / 1e6} | {mode: max(one.peak_memory for one in raw[mode].values()) for mode in RAW}
    return [
        *_speeds(model, ours, raw, material),
        *_errors(model, ours, raw, material),
        *_wordless(model, ours, raw, material),
        Row(section=model, name="peak memory of what hears", unit="MB", values=memory),
    ]


def _speeds(model: str, ours: Run, raw: dict[str, dict[str, RawAnswer]], material: Material) -> list[Row]:
    """Of long recordings only: in short ones it is the beginning and the end that count."""
    batched = {sample.name: raw[BATCHED][sample.name].duration / raw[BATCHED][sample.name].seconds for sample in material.timed}
    ratios = [ours.found[name].speed / speed for name, speed in batched.items()]
    values = {OURS: median(ours.found[name].speed for name in batched)}
    for mode in RAW:
        one = raw[mode][material.digest.name]
        values[mode] = median(batched.values()) if mode == BATCHED else one.duration / one.seconds
    minutes = sum(ours.found[sample.name].seconds for sample in material.long) / 60
    wanted = SPEED[model] if _has_bf16() else values[BATCHED]
    heard_by = f"{ours.engine}, end to end, {minutes:.0f} min"
    return [
        Row(section=model, name=f"speed ({heard_by})", unit="x", values=values, goal=wanted, better="higher"),
        Row(section=model, name="speed over batched, in turns", unit="x", values={OURS: median(ratios)},
            goal=OVER_BATCHED if _has_bf16() else 1.0, better="higher"),
    ]  # fmt: skip


def _errors(model: str, ours: Run, raw: dict[str, dict[str, RawAnswer]], material: Material) -> list[Row]:
    """Words and their times, on what all have heard; and ours on all the rest."""
    found = {OURS: in_all([ours.found[sample.name] for sample in material.compared]).comparison}
    for mode in RAW:
        parts = [compare(sample.said, _heard(raw[mode][sample.name])) for sample in material.compared]
        off = tuple(error for part in parts for error in part.start_errors)
        found[mode] = Comparison(errors=sum((part.errors for part in parts), WordErrors()), start_errors=off)
    times = {who: TimeErrors.of(comparison.start_errors) for who, comparison in found.items()}
    rates = {who: (comparison.errors.rate or 0.0) * 100 for who, comparison in found.items()}
    missing = {who: float(comparison.errors.deletions) for who, comparison in found.items()}
    many = {who: float(comparison.errors.insertions) for who, comparison in found.items()}
    whole = in_all([ours.found[sample.name] for sample in material.long]).comparison.errors
    words = found[OURS].errors.words
    return [
        Row(section=model, name=f"word error rate, {words} words", unit="%", values=rates, goal=rates[SEQUENTIAL]),
        Row(section=model, name="  words missing", unit="words", values=missing, goal=missing[SEQUENTIAL]),
        Row(section=model, name="  words too many", unit="words", values=many),
        Row(section=model, name=f"word error rate, all {whole.words} words", unit="%", values={OURS: (whole.rate or 0.0) * 100}),
        Row(section=model, name="word times off, median", unit="ms", goal=MEDIAN_MS,
            values={who: one.median * 1000 for who, one in times.items() if one}),
        Row(section=model, name="word times off, 95 % within", unit="ms", goal=PERCENTILE_MS,
            values={who: one.percentile_95 * 1000 for who, one in times.items() if one}),
    ]  # fmt: skip


def _wordless(model: str, ours: Run, raw: dict[str, dict[str, RawAnswer]], material: Material) -> list[Row]:
    rows = []
    for whole, brief in zip(material.wordless, material.briefly, strict=True):
        seconds, less = ours.found[whole.name].seconds, next(iter(raw.values()))[brief.name].duration
        values = {OURS: float(ours.found[whole.name].silent.insertions)}
        values |= {mode: float(len(raw[mode][brief.name].text.split())) for mode in RAW}
        name = f"words over {seconds:.0f} s of {Path(whole.name).stem} (others {less:.0f} s)"
        rows.append(Row(section=model, name=name, unit="words", values=values, goal=0.0))
    return rows


def _heard(answer: RawAnswer) -> list[SaidWord]:
    return [SaidWord(text=text, start=start) for text, start in answer.words]


def _has_bf16() -> bool:
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _say(what: str) -> None:
    print(f"measuring: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
