"""What the engines that hear have done, told by their child processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from diarist.telemetry.metrics.catalogue import LONG, OTHER, Catalogue, Counters, Histograms

_REAL_TIME = (0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0, 2.0, 5.0)
_SHARES = (0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0)
_MODELS = 20
"""An installation names a handful."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineMetrics:
    """By engine and model, as the engine itself calls them."""

    speech: Counters
    busy: Counters
    real_time_factor: Histograms
    batch_fill: Histograms
    loading: Histograms

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        labels = ("engine", "model")
        return cls(
            speech=catalogue.counters(
                "diarist_engine_speech_seconds_total",
                "Speech that was given to engines; what is heard a second time counts again.",
                labels,
                unit="seconds",
                most=_MODELS,
            ),
            busy=catalogue.counters(
                "diarist_engine_busy_seconds_total",
                "Time that engines took to hear it; by the speech given to them it is the real-time factor.",
                labels,
                unit="seconds",
                most=_MODELS,
            ),
            real_time_factor=catalogue.histograms(
                "diarist_engine_real_time_factor_ratio",
                "Time that an engine took for one hearing, by the speech in it; below 1 it hears faster than people speak.",
                labels,
                buckets=_REAL_TIME,
                unit="ratio",
                most=_MODELS,
            ),
            batch_fill=catalogue.histograms(
                "diarist_engine_batch_fill_ratio",
                "Windows that are read at once, by as many as there is room for; engines without batches tell nothing.",
                labels,
                buckets=_SHARES,
                unit="ratio",
                most=_MODELS,
            ),
            loading=catalogue.histograms(
                "diarist_engine_model_load_duration_seconds",
                "Time that an engine took to be ready, its model read; as often as it was started.",
                labels,
                buckets=LONG,
                unit="seconds",
                most=_MODELS,
            ),
        )

    def noted(self, about: Mapping[str, str], name: str, figures: Mapping[str, float]) -> None:
        """A child has noted something: `heard` (`seconds`, `speech`), `loaded` (`seconds`), `batch` (`windows`, `room`)."""
        labels = about.get("engine", OTHER), about.get("model", OTHER)
        match name, figures:
            case "heard", {"seconds": seconds, "speech": speech}:
                self.busy.add(*labels, by=seconds)
                self.speech.add(*labels, by=speech)
                if speech:
                    self.real_time_factor.observe(seconds / speech, *labels)
            case "loaded", {"seconds": seconds}:
                self.loading.observe(seconds, *labels)
            case "batch", {"windows": windows, "room": room} if room:
                self.batch_fill.observe(windows / room, *labels)
