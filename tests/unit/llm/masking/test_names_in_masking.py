"""The analyser for names with its real model, in a process of its own that may open no connection."""

import subprocess
import sys

import pytest

from diarist.domain.masking import Kind
from diarist.llm.masking.masker import PATTERNS
from diarist.llm.masking.names import installed
from marked_sentences import marked_sentences, scored

ALONE = """
import os
import sys
from diarist.llm.masking.names import installed

assert not {"spacy", "presidio_analyzer"} & sys.modules.keys(), "loaded before anybody asked"

def no_network(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"}:
        print("asked the network:", event, arguments, file=sys.stderr, flush=True)
        os._exit(3)  # an error might be swallowed

sys.addaudithook(no_network)
names = installed()
text = "Ludovic flew from Hamburg to see Beatriz Pritchard; write to x@ludovic.example or call 020 7946 0123. " * 300
print(sorted({text[one.start:one.end] for one in names.find(text)}))
said = "i told bogdan the truth about the piano"
print(sorted({said[one.start:one.end] for one in names.find(said)}))
"""


def test_what_is_installed_is_known_without_loading_it() -> None:
    names = installed()
    assert names is not None
    assert names.name.startswith("presidio with ")
    assert names.reads("en")
    assert names.reads(None)
    assert not names.reads("de")


@pytest.mark.slow
def test_it_needs_no_network_and_finds_what_patterns_cannot() -> None:
    ran = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    cased, said = ran.stdout.splitlines()
    assert "'Hamburg'" in cased
    assert "'Beatriz Pritchard'" in cased
    assert said == "['bogdan']"


def test_patterns_alone_find_as_much_as_they_are_said_to() -> None:
    score = scored(marked_sentences(), PATTERNS)
    assert score.recall() >= 0.72
    assert score.precision() >= 0.95
    for kind in set(Kind) - {Kind.PERSON, Kind.PLACE, Kind.ORGANISATION}:
        assert score.recall(kind) >= 0.9, (kind, score.missed)
    assert score.recall(Kind.PERSON) >= 0.65


@pytest.mark.slow
def test_with_an_analyser_for_names_as_much_is_found_as_is_said() -> None:
    names = installed()
    assert names is not None
    score = scored(marked_sentences(), [*PATTERNS, names])
    assert score.recall() >= 0.87
    assert score.precision() >= 0.93
    assert score.recall(Kind.PERSON) >= 0.8


def test_the_sentences_are_as_many_and_as_mixed_as_is_said() -> None:
    sentences = marked_sentences()
    spoken = [one for one in sentences if one.style == "spoken"]
    assert len(sentences) >= 120
    assert len(spoken) == len(sentences) / 2
    assert all(one.text == one.text.lower() for one in spoken)
    assert {span.kind for one in sentences for span in one.spans} == set(Kind)
