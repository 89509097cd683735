"""The role `transcription-worker`: how fast engines hear, how well, and what they take."""

from __future__ import annotations

from dashboards.asking import MINE, average, none_is_zero, quantile, rate, ratio, seldom
from dashboards.board import Board, Colour, Panel, Query, Row, Shape

_SPEECH, _BUSY = "diarist_engine_speech_seconds_total", "diarist_engine_busy_seconds_total"
_COVERAGE = "diarist_coverage_seconds_total"

_FAST = Row(
    question="How fast is speech heard?",
    panels=(
        Panel(
            title="Seconds for a second of speech",
            tells="The real-time factor, by engine and model. Above 1 it hears more slowly than people speak.",
            unit="none",
            queries=(Query(ratio(rate(_BUSY, "engine", "model"), rate(_SPEECH, "engine", "model")), "{{engine}} {{model}}"),),
            steps=((0.5, Colour.LOOK), (1, Colour.ACT)),
            help="runbooks/engine-slow.md",
        ),
        Panel(
            title="Slow hearings",
            tells="95 % of hearings take no longer for a second of speech. Far above the mean: some recordings are hard, or some "
            "machines slow. Dots lead to traces.",
            unit="none",
            queries=(Query(quantile(0.95, "diarist_engine_real_time_factor_ratio", "engine", "model"), "{{engine}} {{model}}"),),
            steps=((0.5, Colour.LOOK), (1, Colour.ACT)),
            exemplars=True,
            help="runbooks/engine-slow.md",
        ),
        Panel(
            title="Speech heard at once",
            tells="Seconds of speech that each worker's engine hears in a second: what a worker brings.",
            unit="none",
            queries=(Query(rate(_SPEECH, "instance"), "{{instance}}"),),
            stacked=True,
            help="how-to/plan-capacity.md",
        ),
        Panel(
            title="Audio that waits to be heard",
            tells="By priority. Bulk may wait; if normal grows, add workers.",
            unit="s",
            queries=(
                Query('sum by (priority) (diarist_queue_backlog_audio_seconds{queue=~"audio|transcription"})', "{{priority}}"),
            ),
            stacked=True,
            help="runbooks/backlog-grows.md",
        ),
        Panel(
            title="How busy engines are",
            tells="Share of its time in which the engine of a worker hears. All near 1: more workers would help. Low with a "
            "backlog: "
            "look at decoding, the blob store and the database.",
            unit="percentunit",
            queries=(Query(rate(_BUSY, "instance"), "{{instance}}"),),
            help="runbooks/backlog-grows.md",
        ),
        Panel(
            title="Batches",
            tells="Mean fill of the batches that a model reads at once; low ones waste a graphics card. Engines without batches "
            "say "
            "nothing.",
            unit="percentunit",
            queries=(Query(average("diarist_engine_batch_fill_ratio", "engine", "model"), "{{engine}} {{model}}"),),
            most=1,
            help="runbooks/engine-slow.md",
        ),
    ),
)
_WELL = Row(
    question="How well?",
    panels=(
        Panel(
            title="Voices without text",
            tells="Share of the audio in which somebody speaks and no text stands.",
            unit="percentunit",
            queries=(Query(ratio(seldom(_COVERAGE, where='coverage="dropped_speech"'), rate(_COVERAGE)), "dropped"),),
            steps=((0.01, Colour.LOOK), (0.02, Colour.ACT)),
            help="runbooks/speech-dropped.md",
        ),
        Panel(
            title="Text of doubtful worth",
            tells="Share of the audio whose text something speaks against: repetition, silence, low probability.",
            unit="percentunit",
            queries=(Query(ratio(seldom(_COVERAGE, where='coverage="suspect"'), rate(_COVERAGE)), "suspect"),),
            steps=((0.1, Colour.LOOK), (0.25, Colour.ACT)),
            help="runbooks/speech-suspect.md",
        ),
        Panel(
            title="Why children end",
            tells="Processes that ended in the last hour. `died`, `hung` and `memory` are not meant to be: their work is begun "
            "again.",
            unit="short",
            queries=(
                Query(
                    none_is_zero(f"sum by (child, reason) (increase(diarist_child_ends_total{{{MINE}}}[1h]))", "child", "reason"),
                    "{{child}} {{reason}}",
                ),
            ),
            shape=Shape.BARS,
            below=Colour.TOLD,
            help="runbooks/children-die.md",
        ),
    ),
)
_TAKES = Row(
    question="What does it take?",
    panels=(
        Panel(
            title="Processors in use by children",
            tells="Engines and decoders, by what they do: 2 are two whole cores.",
            unit="none",
            queries=(Query(rate("diarist_child_cpu_seconds_total", "child"), "{{child}}"),),
            stacked=True,
            help="how-to/plan-capacity.md",
            width=6,
        ),
        Panel(
            title="Graphics cards in use",
            tells="Cards that compute: 1 is a whole one. 0 where there is none.",
            unit="none",
            queries=(Query(seldom("diarist_child_gpu_seconds_total", "instance"), "{{instance}}"),),
            stacked=True,
            help="how-to/plan-capacity.md",
            width=6,
        ),
        Panel(
            title="Memory of children",
            tells="What they hold now, models included. An engine that grows beyond its limit is started afresh.",
            unit="bytes",
            queries=(
                Query(f"sum by (instance, child) (diarist_child_resident_memory_bytes{{{MINE}}})", "{{instance}} {{child}}"),
            ),
            stacked=True,
            help="runbooks/children-eat-memory.md",
            width=6,
        ),
        Panel(
            title="Loading a model",
            tells="The mean of all starts of engines in processes that live: what a new worker waits for before it hears.",
            unit="s",
            queries=(
                Query(
                    ratio(
                        f"sum by (engine, model) (diarist_engine_model_load_duration_seconds_sum{{{MINE}}})",
                        f"sum by (engine, model) (diarist_engine_model_load_duration_seconds_count{{{MINE}}})",
                    ),
                    "{{engine}} {{model}}",
                ),
            ),
            shape=Shape.BARS,
            steps=((30, Colour.LOOK), (120, Colour.ACT)),
            help="how-to/choose-an-engine.md",
            width=6,
        ),
    ),
)

TRANSCRIPTION = Board(
    uid="diarist-transcription",
    title="Transcription: transcription-worker",
    tells="How fast engines hear, how well, and what they take.",
    roles="transcription-worker|standalone",
    rows=(_FAST, _WELL, _TAKES),
)
