"""Each thing that is no recording is refused with its own code, exit status and advice, and leaves nothing behind."""

from pathlib import Path

import numpy as np
import pytest

from command_line import SAMPLE, CommandLine
from made_audio import write_audio, write_video

pytestmark = pytest.mark.slow

NOTHING = np.zeros(0, np.float32)


@pytest.fixture(scope="module")
def diary(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("bad"), HTTP__MAX_UPLOAD_BYTES="300000")


def make(kind: str, folder: Path) -> Path:
    path = folder / {"zero length": "zero.wav", "video without sound": "video.mp4", "missing": "gone.mp3"}.get(
        kind, f"{kind}.mp3"
    )
    match kind:
        case "empty":
            path.touch()
        case "text":
            path.write_text("Dear diary, today nothing was recorded.\n" * 100)
        case "zero length":
            write_audio(path, NOTHING, 16_000, "pcm_s16le")
        case "video without sound":
            write_video(path, sound=None)
        case "folder":
            path.mkdir()
        case "too large":
            path.write_bytes(bytes(300_001))
        case "device":
            return Path("/dev/zero")
    return path


def stored(diary: CommandLine) -> list[Path]:
    return [path for path in (diary.data_dir / "blobs").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        ("empty", "empty_file", 11),
        ("zero length", "no_samples", 12),
        ("text", "unsupported_audio", 13),
        ("video without sound", "no_audio_track", 14),
        ("missing", "unreadable_file", 16),
        ("folder", "unreadable_file", 16),
        ("device", "unreadable_file", 16),
        ("too large", "too_large", 17),
    ],
)
def test_bad_input_is_refused_with_code_status_and_advice(
    diary: CommandLine, tmp_path: Path, kind: str, code: str, status: int
) -> None:
    path = make(kind, tmp_path)
    refused = diary.call("add", path, "--json")
    assert refused.status == status
    (file,) = refused.json["files"]
    assert file["file"] == str(path)
    assert file["error"]["code"] == code
    assert file["error"]["advice"]
    assert diary.call("list", "--json").json == {"recordings": []}
    assert stored(diary) == []


def test_for_people_the_error_stands_on_stderr_with_its_advice(diary: CommandLine, tmp_path: Path) -> None:
    refused = diary.run("add", make("empty", tmp_path))
    assert refused.status == 11
    assert refused.out == ""
    message, advice = refused.err.splitlines()[-2:]
    assert message.startswith("error: ")
    assert message.endswith("(empty_file)")
    assert advice.strip().startswith("The recorder wrote nothing.")


def test_a_file_that_may_not_be_read_is_refused(diary: CommandLine, tmp_path: Path) -> None:
    path = make("text", tmp_path)
    path.chmod(0)
    try:
        path.read_bytes()
    except PermissionError:
        assert diary.call("add", path).status == 16
    else:
        pytest.skip("this user may read everything")


def test_bad_files_do_not_stop_the_others_and_the_first_of_them_gives_the_status(tmp_path: Path) -> None:
    diary = CommandLine(tmp_path)
    ended = diary.call("add", make("text", tmp_path), SAMPLE, make("empty", tmp_path), "--json")
    assert ended.status == 13
    codes = [file.get("error", {}).get("code") for file in ended.json["files"]]
    assert codes == ["unsupported_audio", None, "empty_file"]
    (listed,) = diary.call("list", "--json").json["recordings"]
    assert listed["job"]["state"] == "succeeded"


def test_a_job_that_fails_ends_with_the_status_of_its_error_and_can_be_retried(tmp_path: Path) -> None:
    broken = CommandLine(tmp_path, "no=script")
    failed = broken.call("add", SAMPLE)
    assert failed.status == 30
    assert "engine_failed" in failed.err
    assert broken.call("show", "last", "--json").json["job"]["error"]["code"] == "engine_failed"
    mended = CommandLine(tmp_path)
    retried = mended.call("retry", "last", "--json")
    assert retried.status == 0
    (result,) = retried.json["jobs"]
    assert result["job"]["state"] == "succeeded"
    assert result["entry"]["sentences"]


def test_a_command_line_that_is_not_understood_ends_with_two(diary: CommandLine) -> None:
    for command in (["frobnicate"], ["add"], ["transcript", "last", "--format", "doc"], ["serve", "everything"]):
        assert diary.call(*command).status == 2, command


def test_roles_that_need_a_fleet_say_so(diary: CommandLine) -> None:
    for role in ("ingestion-api", "job-status-api", "transcription-worker", "llm-worker"):
        refused = diary.call("serve", role)
        assert refused.status == 50
        assert "PostgreSQL and Redis" in refused.err
