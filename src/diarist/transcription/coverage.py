"""Labels every second of a recording by what was heard in it and what came of it; pure.

Time is counted in whole milliseconds, so that no rounding leaves a hole. What can be said of a moment is said by the first of the
layers in `_layers` that holds it. Where each channel is another voice, each is judged by its own voice and text, and a moment is
labelled by the worst that can be said of a channel then: two may speak at once, and the text of one covers nothing of the other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby

from diarist.domain.audio import Span
from diarist.domain.coverage import Coverage, CoverageLabel, CoverageSpan
from diarist.domain.transcript import Segment, Transcript
from diarist.transcription.intervals import union, within, without
from diarist.transcription.merge import Part, are_apart

_BREATH = 1000
"""Longest silence between two words of a segment that belongs to it: voice activity knows no shorter pause, either."""
_NEAR = 500
"""How far text may reach beyond voice: half a breath, and engines time words no better."""
_PADDING = 400
"""What voice activity adds to a voice on both sides (`audio/spans.py`); nobody need have spoken there."""
_PAUSE = 2000
"""Shortest stretch without words in a voice that has words elsewhere: pauses up to that long lie inside of a voice."""
_UTTERANCE = 400
"""Shortest voice without any words that counts as speech, its padding taken off; a shorter one is a click or a cough."""
_SILENCE_DBFS = -60
"""A second below this holds nothing that could be heard when it is played."""

NO_WORDS, NO_VOICE, WITHDRAWN, SILENCE, SOUND = "no_words", "no_voice", "withdrawn", "silence", "sound"
"""Reasons: voice without words; words without voice; voice whose words were withdrawn; nothing to be heard; something to be heard
that is no voice. The others are the codes of suspicions, and of errors."""

Interval = tuple[int, int]
"""Milliseconds."""
_Layer = tuple[CoverageLabel, str, list[Interval]]
_WORST = (CoverageLabel.PENDING, CoverageLabel.DROPPED_SPEECH, CoverageLabel.SUSPECT, CoverageLabel.TRANSCRIBED)
"""Labels, the one first that wins where channels differ."""


def cover(transcript: Transcript, parts: Sequence[Part]) -> Coverage | None:
    """The coverage of a transcript; `parts` tell where voice was heard, how loud it was, and what is still to come.

    None when the parts do not reach over the whole of a transcript that is finished: then nobody can tell.
    """
    whole = [(0, _ms(transcript.duration))]
    cut = union((_interval(part.span) for part in parts), bridge=1)
    if not transcript.partial and without(whole, cut):
        return None
    views = [_visible(_layers(*view, whole), whole) for view in _views(transcript, parts)]
    layers = views[0]
    if len(views) > 1:
        layers = _visible(sorted(chain(*views), key=lambda layer: _WORST.index(layer[0])), whole)
    labelled = [_span(interval, label, reason) for label, reason, intervals in layers for interval in intervals]
    left = without(whole, union(chain(*(intervals for _, _, intervals in layers))))
    seconds = [(_ms(part.span.start) + 1000 * place, level) for part in parts for place, level in enumerate(part.levels)]
    labelled += (_span(interval, CoverageLabel.NO_SPEECH, _loudness(interval, seconds)) for interval in left)
    return Coverage(spans=tuple(_joined(labelled)))


def _views(transcript: Transcript, parts: Sequence[Part]) -> Iterator[tuple[Transcript, Sequence[Part]]]:
    """What is to be judged together: all of it, or the channels and what is mixed each by itself."""
    if not are_apart(parts):
        yield transcript, parts
        return
    for channel in (None, *range(max(len(part.channels) for part in parts))):
        segments = tuple(segment for segment in transcript.segments if segment.channel == channel)
        withdrawn = tuple(one for one in transcript.withdrawn if one.channel == channel)
        spoken = [replace(part, speech=_speech_in(part, channel)) for part in parts]
        yield replace(transcript, segments=segments, withdrawn=withdrawn), spoken


def _speech_in(part: Part, channel: int | None) -> tuple[Span, ...]:
    if channel is None:
        return () if part.channels else part.speech
    return part.channels[channel] if part.channels else ()


def _visible(layers: Iterable[_Layer], whole: list[Interval]) -> list[_Layer]:
    """Of each layer what no layer before it covers."""
    left, visible = whole, list[_Layer]()
    for label, reason, intervals in layers:
        visible.append((label, reason, within(left, intervals)))
        left = without(left, intervals)
    return visible


def _layers(transcript: Transcript, parts: Sequence[Part], whole: list[Interval]) -> Iterator[_Layer]:
    """Labels and where they stand; an earlier one covers a later one."""
    voice = within(_voice(parts), whole)
    near = union((start - _NEAR, end + _NEAR) for start, end in voice)
    sure, doubted = _texts(transcript.segments)
    text = union(chain(sure, *doubted.values()))
    sure, doubted = within(sure, near), {reason: within(intervals, near) for reason, intervals in doubted.items()}
    withdrawn = union((_ms(one.start), _ms(one.end)) for one in transcript.withdrawn if not one.replaced)
    doubted.setdefault(WITHDRAWN, within(withdrawn, voice))

    yield CoverageLabel.TRANSCRIBED, "", sure
    for reason, intervals in doubted.items():
        yield CoverageLabel.SUSPECT, reason, intervals
    yield CoverageLabel.SUSPECT, NO_VOICE, text

    for gap in transcript.gaps:
        yield CoverageLabel.DROPPED_SPEECH, gap.code, within([_interval(gap.span)], voice)
    failed = union(_interval(gap.span) for gap in transcript.gaps)
    pending = _pending(transcript, parts, whole, failed)
    yield CoverageLabel.PENDING, "", pending

    heard = without(without(voice, failed), pending)
    dropped, beside = _holes(heard, union(chain(text, withdrawn)))
    yield CoverageLabel.DROPPED_SPEECH, NO_WORDS, dropped
    yield CoverageLabel.TRANSCRIBED, "", _touching(beside, sure)
    for reason, intervals in doubted.items():
        yield CoverageLabel.SUSPECT, reason, _touching(beside, intervals)


def _texts(segments: Iterable[Segment]) -> tuple[list[Interval], dict[str, list[Interval]]]:
    """Where there is text: such that nothing speaks against, and such that something does, by the first of its suspicions."""
    sure: list[Interval] = []
    doubted: dict[str, list[Interval]] = {}
    for segment in segments:
        (doubted.setdefault(segment.suspicions[0], []) if segment.suspicions else sure).extend(_text(segment))
    return union(sure), {reason: union(intervals) for reason, intervals in doubted.items()}


def _text(segment: Segment) -> list[Interval]:
    """Where the words of a segment are said, breaths between them with it; a word that takes no time leaves a trace too."""
    times = ((_ms(word.start), _ms(word.end)) for word in segment.words or (segment,))
    return union(((start, max(end, start + 1)) for start, end in times), bridge=_BREATH)


def _voice(parts: Sequence[Part]) -> list[Interval]:
    """Where voice was heard; a voice that was cut at the border of two chunks is one."""
    return union(
        (_ms(part.span.start + span.start), _ms(min(part.span.start + span.end, part.span.end)))
        for part in parts
        for span in part.speech
    )


def _pending(transcript: Transcript, parts: Sequence[Part], whole: list[Interval], failed: list[Interval]) -> list[Interval]:
    if not transcript.partial:
        return []
    heard = union(_interval(part.span) for part in parts if part.heard)
    return without(without(whole, heard), failed)


def _holes(voice: Sequence[Interval], text: Sequence[Interval]) -> tuple[list[Interval], list[Interval]]:
    """Voice without words: what is long enough to be speech, without its padding, and what belongs to the words beside it."""
    dropped: list[Interval] = []
    beside: list[Interval] = []
    rest = without(voice, text)
    at = 0
    for start, end in voice:
        while at < len(rest) and rest[at][0] < end:
            first, last = rest[at]
            at += 1
            shortest = _UTTERANCE if (first, last) == (start, end) else _PAUSE
            spoken = (max(first, start + _PADDING), min(last, end - _PADDING))
            if spoken[1] - spoken[0] >= shortest:
                dropped.append(spoken)
            else:
                beside.append((first, last))
    return dropped, beside


def _touching(these: Sequence[Interval], those: Sequence[Interval]) -> list[Interval]:
    edges = set(chain.from_iterable(those))
    return [interval for interval in these if not edges.isdisjoint(interval)]


def _loudness(interval: Interval, seconds: Sequence[tuple[int, int]]) -> str:
    """By the loudest of the seconds that lie wholly inside; empty where none is known. `seconds`: when each begins, its level."""
    first, end = bisect_left(seconds, (interval[0],)), bisect_right(seconds, (interval[1] - 1000, 0))
    if first >= end:
        return ""
    return SILENCE if max(level for _, level in seconds[first:end]) < _SILENCE_DBFS else SOUND


def _joined(spans: Iterable[CoverageSpan]) -> Iterator[CoverageSpan]:
    """In order; neighbours of one label and reason are one."""
    for (label, reason), run in groupby(sorted(spans, key=lambda one: one.start), lambda one: (one.label, one.reason)):
        neighbours = list(run)
        yield CoverageSpan(start=neighbours[0].start, end=neighbours[-1].end, label=label, reason=reason)


def _span(interval: Interval, label: CoverageLabel, reason: str) -> CoverageSpan:
    return CoverageSpan(start=interval[0] / 1000, end=interval[1] / 1000, label=label, reason=reason)


def _interval(span: Span) -> Interval:
    return _ms(span.start), _ms(span.end)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
