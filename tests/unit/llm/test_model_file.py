"""What is read of a model file before anything loads it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diarist.errors import ModelUnavailable
from diarist.llm.model_file import ENOUGH, model_in_file, read_model_file
from made_gguf import MODEL, gguf, number, string
from small_model import small_model

anew = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.gguf"


def test_its_header_tells_what_is_needed_to_ask_it(path: Path) -> None:
    path.write_bytes(gguf())
    file = read_model_file(path)
    assert (file.name, file.architecture, file.context_tokens, file.size) == ("Made up", "llama", 8192, path.stat().st_size)
    # 30 layers of 3 heads of 64 numbers, keys and values, in 2 bytes each.
    assert file.token_bytes == 30 * 3 * 64 * 2 * 2
    assert file.memory(1000) - file.memory(0) == 1000 * file.token_bytes


@pytest.mark.slow
def test_a_real_one_is_read_the_same_way() -> None:
    file = read_model_file(small_model())
    assert (file.architecture, file.context_tokens, file.token_bytes) == ("llama", 8192, 23_040)


def test_room_is_made_for_what_is_useful_unless_more_is_asked_for(path: Path) -> None:
    path.write_bytes(gguf({**MODEL, "llama.context_length": number(131_072)}))
    assert model_in_file(path, None).context_tokens == ENOUGH
    assert model_in_file(path, 65_536).context_tokens == 65_536
    with pytest.raises(ModelUnavailable, match="was made for 131072"):
        model_in_file(path, 131_073)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no GGUF file"),
        (b"GGML" + gguf()[4:], "no GGUF file"),
        (gguf(version=1), "version 1"),
        (gguf(weights=0), "not fetched to the end"),
        (gguf({"general.architecture": string("clip")}), "no language model"),
        (gguf({key: value for key, value in MODEL.items() if key != "tokenizer.ggml.model"}), "no language model"),
    ],
)
def test_what_cannot_be_used_says_why(path: Path, data: bytes, why: str) -> None:
    path.write_bytes(data)
    with pytest.raises(ModelUnavailable, match=why):
        read_model_file(path)


def test_one_that_is_not_there_or_is_a_folder_says_so(path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="No such file"):
        read_model_file(path)
    path.mkdir()
    with pytest.raises(ModelUnavailable, match="directory"):
        read_model_file(path)


@anew
@given(st.integers(0, len(gguf()) - 64))
def test_one_that_is_cut_off_anywhere_is_refused(path: Path, end: int) -> None:
    path.write_bytes(gguf()[:end])
    with pytest.raises(ModelUnavailable):
        read_model_file(path)


@anew
@given(st.binary(max_size=200), st.integers(4, len(gguf()) - 1))
def test_strangers_bytes_are_refused_or_read_and_never_crash(path: Path, noise: bytes, at: int) -> None:
    whole = gguf()
    path.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
    try:
        assert read_model_file(path).context_tokens > 0
    except ModelUnavailable as error:
        assert str(path) in error.message  # noqa: PT017 - both ends are fine
