"""Deepgram's client, which nobody here wrote, is answered by us."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from deepgram import DeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.environment import DeepgramClientEnvironment
from deepgram.types.listen_v1response import ListenV1Response

from diarist.settings import EngineSettings, ImportSettings, Settings
from made_audio import pcm_of
from served import rows_of, worked_for
from web_host import Host, head, hosting, sends

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
pytestmark = pytest.mark.filterwarnings("ignore:websockets.*is deprecated:DeprecationWarning")  # by its makers
_numbers = count()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    pages = {"/memo.opus": sends(head(content_type="audio/ogg"), memo())}
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(hosting(pages)) as host:
        yield host


@pytest.fixture(scope="module")
def working(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Iterator[tuple[httpx.Client, Settings]]:
    folder = tmp_path_factory.mktemp("deepgram")
    settings = Settings(
        data_dir=folder / "data",
        cache_dir=folder / "cache",
        engine=EngineSettings(name="scripted", model="say=I called Anna. We met Paul.; language=fr"),
        imports=ImportSettings(allow_http=True, ports=[host.port], private_networks=[IPv4Network("127.0.0.1/32")]),
    )
    with worked_for(settings) as client:
        yield client, settings


@pytest.fixture(scope="module")
def deepgram(working: tuple[httpx.Client, Settings]) -> Iterator[DeepgramClient]:
    base = str(working[0].base_url)
    environment = DeepgramClientEnvironment(base=base, production=base, agent=base, agent_rest=base)
    with httpx.Client(trust_env=False, timeout=working[0].timeout) as http:
        yield DeepgramClient(api_key="any", environment=environment, httpx_client=http)


def memo() -> bytes:
    """A recording whose bytes no other test has given."""
    return SAMPLE.read_bytes() + b"d" + next(_numbers).to_bytes(4, "big")


def listened(deepgram: DeepgramClient, content: bytes, **options: Any) -> ListenV1Response:
    answer = deepgram.listen.v1.media.transcribe_file(request=content, request_options={"max_retries": 0}, **options)
    assert isinstance(answer, ListenV1Response)
    return answer


def test_words_come_bare_and_as_written_where_that_is_asked_for(deepgram: DeepgramClient) -> None:
    content = memo()
    bare = listened(deepgram, content)
    [alternative] = bare.results.channels[0].alternatives or []
    assert (alternative.transcript or "").startswith("i called anna we met paul i called")
    assert alternative.words
    first = alternative.words[0]
    assert (first.word, first.confidence) == ("i", 0.99)
    assert 0 <= (first.start or 0) < (first.end or 0)
    assert bare.results.utterances is None
    written = listened(deepgram, content, model="nova-3", smart_format=True, utterances=True, detect_language=True)
    [alternative] = written.results.channels[0].alternatives or []
    assert (alternative.transcript or "").startswith("I called Anna. We met Paul.")
    assert written.results.channels[0].detected_language == "fr"
    assert written.results.utterances
    texts = [utterance.transcript or "" for utterance in written.results.utterances]
    assert " ".join(texts) == alternative.transcript
    assert len(texts) > 1


def test_the_answer_says_what_was_heard_and_who_heard_it(deepgram: DeepgramClient) -> None:
    content = memo()
    metadata = listened(deepgram, content, language="en-US").metadata
    assert metadata.sha256 == hashlib.sha256(content).hexdigest()
    assert metadata.duration == pytest.approx(59.3, abs=1)
    assert (metadata.channels, metadata.models) == (1, ["counting"])
    assert metadata.request_id


def test_a_recording_may_be_given_by_its_address(deepgram: DeepgramClient, host: Host) -> None:
    answer = deepgram.listen.v1.media.transcribe_url(url=host.url("/memo.opus"), punctuate=True)
    assert isinstance(answer, ListenV1Response)
    [alternative] = answer.results.channels[0].alternatives or []
    assert (alternative.transcript or "").startswith("I called Anna.")
    with pytest.raises(ApiError) as caught:
        deepgram.listen.v1.media.transcribe_url(url="http://169.254.169.254/latest", request_options={"max_retries": 0})
    assert (caught.value.status_code, caught.value.body["err_code"]) == (400, "ADDRESS_REFUSED")


def test_bare_samples_are_taken(deepgram: DeepgramClient) -> None:
    rate = {"additional_query_parameters": {"sample_rate": 8000}}
    media = deepgram.listen.v1.media
    answer = media.transcribe_file(request=pcm_of(SAMPLE, 8_000), encoding="linear16", request_options=rate)
    assert isinstance(answer, ListenV1Response)
    assert answer.metadata.duration == pytest.approx(59.3, abs=1)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"diarize": True}, "diarize"),
        ({"redact": "pii"}, "redact"),
        ({"utt_split": 0.0}, "utt_split"),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_cannot_be_had_is_refused_and_leaves_nothing(
    deepgram: DeepgramClient, working: tuple[httpx.Client, Settings], options: dict[str, Any], named: str
) -> None:
    before = rows_of(working[1], "recordings")
    with pytest.raises(ApiError) as caught:
        listened(deepgram, memo(), **options)
    assert (caught.value.status_code, caught.value.body["err_code"]) == (400, "UNSUPPORTED_VALUE")
    assert caught.value.body["err_msg"].startswith(f"{named}: ")
    assert caught.value.body["request_id"]
    assert rows_of(working[1], "recordings") == before


def test_what_is_no_audio_is_refused(deepgram: DeepgramClient) -> None:
    with pytest.raises(ApiError) as caught:
        listened(deepgram, b"%PDF-1.7 and so on, and so on")
    assert (caught.value.status_code, caught.value.body["err_code"]) == (400, "UNSUPPORTED_AUDIO")
