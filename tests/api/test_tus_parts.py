"""Uploads that are sent side by side and joined (tus, concatenation)."""

import hashlib

import httpx

from diarist.settings import Settings
from served import blobs_of, rows_of
from tus_wire import VERSION, begin, begun, encoded, look, send


def part(client: httpx.Client, content: bytes) -> str:
    address = begun(client, len(content), Upload_Concat="partial")
    answer = send(client, address, 0, content)
    assert answer.status_code == 204
    assert "Diarist-Recording" not in answer.headers
    return address


def joined(client: httpx.Client, *addresses: str) -> httpx.Response:
    name = encoded(filename="joined.wav")["Upload-Metadata"]
    return begin(client, Upload_Concat="final;" + " ".join(addresses), Upload_Metadata=name)


def test_parts_in_any_order_of_arrival_become_one_recording(client: httpx.Client, settings: Settings, another: bytes) -> None:
    cut = len(another) // 3
    second, first = part(client, another[cut:]), part(client, another[:cut])
    assert look(client, first).headers["Upload-Concat"] == "partial"
    assert (rows_of(settings, "recordings"), client.get(first).json()["state"]) == (0, "whole")
    answer = joined(client, str(client.base_url.join(first)), second)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(another)))
    recording = client.get(answer.headers["Diarist-Recording"]).json()
    assert (recording["sha256"], recording["filename"]) == (hashlib.sha256(another).hexdigest(), "joined.wav")
    found = look(client, answer.headers["Location"])
    assert (found.headers["Upload-Concat"], found.headers["Upload-Length"]) == (f"final;{first} {second}", str(len(another)))
    assert len(blobs_of(settings)) == 1
    assert client.get(first).json()["state"] == "joined"


def test_joining_again_gives_the_same_upload(client: httpx.Client, settings: Settings, another: bytes) -> None:
    parts = part(client, another[:500]), part(client, another[500:])
    first, again = joined(client, *parts), joined(client, *parts)
    assert first.headers["Location"] == again.headers["Location"]
    assert first.headers["Diarist-Job"] == again.headers["Diarist-Job"]
    other = joined(client, *reversed(parts))
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert rows_of(settings, "jobs") == 1


def test_only_finished_parts_are_joined_and_a_whole_takes_no_bytes(client: httpx.Client, another: bytes) -> None:
    done, half = part(client, another[:500]), begun(client, 10, Upload_Concat="partial")
    answer = joined(client, done, half)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert client.get(done).json()["state"] == "whole", "the finished part can still be joined"
    whole = begun(client, 10)
    assert joined(client, done, whole).status_code == 404
    final = joined(client, done, part(client, another[500:])).headers["Location"]
    answer = send(client, final, len(another), b"more")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_joined_part_that_is_given_up_takes_nothing_away(client: httpx.Client, another: bytes) -> None:
    parts = part(client, another[:500]), part(client, another[500:])
    final = joined(client, *parts)
    for address in parts:
        assert client.delete(address, headers=VERSION).status_code == 204
        assert look(client, address).status_code == 404
    assert client.get(f"{final.headers['Diarist-Recording']}/audio").content == another
    assert client.delete(final.headers["Location"], headers=VERSION).status_code == 204
