"""`diarist add https://…`: fetched like any other recording is read, by the rules of imports."""

from collections.abc import Iterator

import pytest
from anyio.from_thread import start_blocking_portal

from command_line import SAMPLE, CommandLine
from web_host import Host, head, hosting, sends

pytestmark = pytest.mark.slow


@pytest.fixture
def host() -> Iterator[Host]:
    content = SAMPLE.read_bytes()
    pages = {
        "/talks/tuesday.opus": sends(head(content_length=str(len(content))), content),
        "/page": sends(head(content_type="text/html"), b"<html>"),
    }
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(hosting(pages)) as host:
        yield host


def test_an_address_is_fetched_and_becomes_an_entry(tmp_path_factory: pytest.TempPathFactory, host: Host) -> None:
    opened = {"IMPORTS__ALLOW_HTTP": "1", "IMPORTS__PORTS": f"[{host.port}]", "IMPORTS__PRIVATE_NETWORKS": '["127.0.0.1/32"]'}
    diary = CommandLine(tmp_path_factory.mktemp("address"), **opened)
    url = host.url("/talks/tuesday.opus") + "?key=hunter2"
    added = diary.call("add", url, host.url("/page"), SAMPLE, "--json")
    first, second, third = added.json["files"]
    assert (first["file"], first["created"], first["recording"]["filename"]) == (url, True, "tuesday.opus")
    assert first["job"]["state"] == "succeeded"
    assert "tuesday.opus: add" in added.err
    assert "hunter2" not in added.err
    assert (second["error"]["code"], "answered with a web page" in second["error"]["message"]) == ("not_given", True)
    assert (third["created"], third["recording"]["id"]) == (False, first["recording"]["id"])
    assert added.status == 10


@pytest.mark.parametrize("address", ["https://127.0.0.1/a.mp3", "http://example.org/a.mp3", "ftp://example.org/a.mp3"])
def test_what_may_not_be_fetched_is_refused_with_advice(tmp_path_factory: pytest.TempPathFactory, address: str) -> None:
    ended = CommandLine(tmp_path_factory.mktemp("refused")).call("add", "--no-wait", address)
    assert ended.status == 10
    assert f"error: {address}: " in ended.err
    assert "(address_refused)" in ended.err
    assert "DIARIST_IMPORTS__" in ended.err
