from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.http.errors import InvalidRequest, MalformedRequest
from diarist.http.multipart import MAX_OTHER_BYTES, uploaded_file

BOUNDARY = "a-boundary"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def part(headers: str, content: bytes) -> bytes:
    return f"--{BOUNDARY}\r\n{headers}\r\n\r\n".encode() + content + b"\r\n"


def file_part(content: bytes, filename: str = "memo.m4a", field: str = "file") -> bytes:
    return part(f'Content-Disposition: form-data; name="{field}"; filename="{filename}"\r\nContent-Type: audio/mp4', content)


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


async def pieces_of(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def read(*pieces: bytes, content_type: str = TYPE) -> tuple[str, bytes]:
    upload = await uploaded_file(pieces_of(pieces), content_type)
    return upload.filename, b"".join([piece async for piece in upload.pieces])


def cut_at(whole: bytes, places: Sequence[int]) -> list[bytes]:
    edges = sorted({0, len(whole), *(place % (len(whole) + 1) for place in places)})
    return [whole[start:end] for start, end in pairwise(edges)]


nasty = st.lists(
    st.sampled_from([b"\r", b"\n", b"-", b"--", BOUNDARY.encode(), f"\r\n--{BOUNDARY}".encode()[:-1], b"\x00", b"sound"]),
    max_size=12,
).map(b"".join)


@given(nasty | st.binary(max_size=200), st.lists(st.integers(0, 10_000), max_size=20))
async def test_the_file_comes_out_as_it_went_in_however_the_body_is_cut(content: bytes, places: list[int]) -> None:
    whole = body(
        part('Content-Disposition: form-data; name="title"', b"Tuesday"),
        file_part(content),
        part('Content-Disposition: form-data; name="x"', b"y"),
    )
    assert await read(*cut_at(whole, places)) == ("memo.m4a", content)


async def test_every_byte_may_come_alone() -> None:
    whole = body(file_part(b"\r\n--a-bound\r\n--"))
    assert await read(*(whole[i : i + 1] for i in range(len(whole)))) == ("memo.m4a", b"\r\n--a-bound\r\n--")


@pytest.mark.parametrize(
    ("written", "filename"),
    [
        ("memo.m4a", "memo.m4a"),
        ("\N{HEADPHONE} Müller.m4a", "\N{HEADPHONE} Müller.m4a"),
        ("a %22quoted%22 name%0Aon two lines.mp3", 'a "quoted" name\non two lines.mp3'),
        ('with a \\"quote\\".mp3', 'with a "quote".mp3'),
        ("a;b=c.mp3", "a;b=c.mp3"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("n" * 300, "n" * 300),
    ],
)
async def test_names_are_read_as_browsers_and_curl_write_them(written: str, filename: str) -> None:
    assert await read(body(file_part(b"x", written))) == (filename, b"x")


async def test_the_extended_form_of_a_name_is_understood() -> None:
    extended = "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''M%C3%BCller.m4a"
    assert await read(body(part(extended, b"x"))) == ("Müller.m4a", b"x")


async def test_header_names_have_no_case() -> None:
    assert await read(body(part('content-disposition: form-data; name="file"; filename="a"', b"x"))) == ("a", b"x")


@pytest.mark.parametrize(
    "whole",
    [
        b"",
        body(file_part(b"sound"))[:-6],
        body(file_part(b"sound"))[:100],
        body(file_part(b"sound"))[:20],
        file_part(b"sound"),
        b"no multipart at all",
        b"--another\r\n\r\nx\r\n--another--\r\n",
        f"--{BOUNDARY}\r\nno colon\r\n\r\nx".encode(),
        body(part("X-Long: " + "a" * 20_000, b"")),
        body(part("\r\n".join(f"X-{n}: a" for n in range(50)), b"")),
        body(part('Content-Disposition: form-data; name="title"', b"a" * (MAX_OTHER_BYTES + 1)), file_part(b"x")),
        body(file_part(b"x"), part('Content-Disposition: form-data; name="title"', b"a" * (MAX_OTHER_BYTES + 1))),
    ],
)
async def test_what_is_not_a_whole_form_is_malformed(whole: bytes) -> None:
    with pytest.raises(MalformedRequest):
        await read(whole)


async def test_bytes_without_end_after_the_form_are_refused() -> None:
    with pytest.raises(MalformedRequest):
        await read(body(file_part(b"x")), *[b"a" * 1000] * 100)


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=", 'multipart/form-data; boundary=""']
)
async def test_a_boundary_must_be_named(content_type: str) -> None:
    with pytest.raises(MalformedRequest, match="boundary"):
        await read(body(file_part(b"x")), content_type=content_type)


async def test_a_boundary_has_a_bounded_length() -> None:
    with pytest.raises(MalformedRequest, match="boundary"):
        await read(body(file_part(b"x")), content_type=f"multipart/form-data; boundary={'b' * 1000}")


@pytest.mark.parametrize(
    "whole",
    [
        body(),
        body(file_part(b"x", field="audio")),
        body(part('Content-Disposition: form-data; name="file"', b"memo.m4a")),
        body(part("Content-Type: audio/mp4", b"x")),
        body(file_part(b"x"), file_part(b"y")),
        body(file_part(b"x"), part('Content-Disposition: form-data; name="file"', b"y")),
    ],
    ids=["nothing", "another field", "no file", "no name", "two files", "two fields"],
)
async def test_a_form_must_hold_one_file(whole: bytes) -> None:
    with pytest.raises(InvalidRequest, match="`file`"):
        await read(whole)


async def test_fields_may_stand_in_any_order_where_that_is_allowed() -> None:
    def field(name: str, value: str) -> bytes:
        return part(f'Content-Disposition: form-data; name="{name}"', value.encode())

    whole = body(field("a", "1"), file_part(b"sound", field="audio_file"), field("b", "2"), field("a", "3"), field("c", "4"))
    upload = await uploaded_file(pieces_of([whole]), TYPE, ("a", "b"), name="audio_file", any_order=True)
    assert upload.texts == {"a": "1"}
    assert b"".join([piece async for piece in upload.pieces]) == b"sound"
    assert upload.texts == {"a": "1\n3", "b": "2"}
    strict = await uploaded_file(pieces_of([whole]), TYPE, ("a", "b"), name="audio_file")
    with pytest.raises(InvalidRequest, match="after the file"):
        assert [piece async for piece in strict.pieces]
