"""Models that packages carry are found and joined: once, whole, or not at all."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from diarist.engine.packaged_models import PACKAGED_MODELS, PackagedModel, is_installed, model_folder, packaged_size
from diarist.errors import ModelUnavailable, StorageFull

PARTS = (b"first half " * 100_000, b"second half " * 100_000)
SPLIT = PackagedModel(
    name="split",
    folder=("split_model_one", "data"),
    parts=(("split_model_one", "data/model.bin.part1"), ("split_model_two", "data/model.bin.part2")),
    sha256=hashlib.sha256(b"".join(PARTS)).hexdigest(),
)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    site = tmp_path / "site"
    for package, part in zip(("one", "two"), PARTS, strict=True):
        data = site / f"split_model_{package}" / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").write_text("raise RuntimeError('a model was imported')")
        (data / f"model.bin.part{1 if package == 'one' else 2}").write_bytes(part)
    (site / "split_model_one/data/config.json").write_text("{}")
    monkeypatch.syspath_prepend(site)
    return site


@pytest.mark.usefixtures("site")
def test_the_parts_are_joined_once(tmp_path: Path) -> None:
    assert is_installed(SPLIT)
    assert packaged_size(SPLIT) == sum(map(len, PARTS)) + 2
    folder = model_folder(SPLIT, tmp_path / "models")
    assert {file.name for file in folder.iterdir()} == {"model.bin", "config.json"}
    assert (folder / "model.bin").read_bytes() == b"".join(PARTS)
    made = (folder / "model.bin").stat()
    assert (model_folder(SPLIT, tmp_path / "models") / "model.bin").stat() == made
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["split"]


@pytest.mark.usefixtures("site")
def test_many_at_once_all_find_the_whole(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda _: model_folder(SPLIT, tmp_path), range(8)))
    assert set(folders) == {tmp_path / "split"}
    assert (folders[0] / "model.bin").read_bytes() == b"".join(PARTS)
    assert [path.name for path in tmp_path.iterdir() if path.name != "site"] == ["split"]


@pytest.mark.usefixtures("site")
def test_what_was_cut_off_is_made_again(tmp_path: Path) -> None:
    folder = model_folder(SPLIT, tmp_path / "models")
    (folder / "model.bin").write_bytes(b"first half")
    assert (model_folder(SPLIT, tmp_path / "models") / "model.bin").read_bytes() == b"".join(PARTS)


@pytest.mark.usefixtures("site")
def test_other_parts_than_expected_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="split"):
        model_folder(replace(SPLIT, sha256="0" * 64), tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == []


WITHOUT_ROOM = """
import resource, signal, sys
from pathlib import Path
from diarist.engine.packaged_models import PackagedModel, model_folder
from diarist.errors import StorageFull

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
try:
    model_folder(eval(sys.argv[1]), Path(sys.argv[2]))
except StorageFull as error:
    print(error.advice)
"""


def test_without_room_nothing_half_made_is_left(tmp_path: Path, site: Path) -> None:
    models = tmp_path / "models"
    command = [sys.executable, "-c", WITHOUT_ROOM, repr(SPLIT), str(models)]
    done = subprocess.run(command, env={"PYTHONPATH": str(site)}, capture_output=True, text=True, check=True)
    assert "Make room for 2 MB" in done.stdout
    assert list(models.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said(site: Path) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be put into"):
        model_folder(SPLIT, site / "split_model_one/__init__.py" / "models")
    assert not issubclass(ModelUnavailable, StorageFull)


def test_what_is_not_installed_is_not_found(site: Path, tmp_path: Path) -> None:
    (site / "split_model_two/data/model.bin.part2").unlink()
    assert not is_installed(SPLIT)
    with pytest.raises(ModelUnavailable, match="not installed"):
        model_folder(SPLIT, tmp_path / "models")


@pytest.mark.slow
def test_the_default_model_is_what_was_recorded(tmp_path: Path) -> None:
    folder = model_folder(PACKAGED_MODELS["base"], tmp_path)
    assert {file.name for file in folder.iterdir()} == {"model.bin", "config.json", "tokenizer.json", "vocabulary.txt"}
