import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.http.content_disposition import content_disposition
from diarist.recordings.fetching.naming import name_in_disposition, name_in_path


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("", ""),
        ("inline", ""),
        ("attachment; filename=talk.mp3", "talk.mp3"),
        ('attachment; filename="two words; and more.mp3"', "two words; and more.mp3"),
        (r'attachment; filename="with \"quotes\".mp3"', 'with "quotes".mp3'),
        ("attachment; filename=\"x.mp3\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.mp3", "Grüße.mp3"),
        ("attachment; filename*=iso-8859-1'de'Gr%FC%DFe.mp3", "Grüße.mp3"),
        ("attachment; filename*=UTF-8''%FF%FE.mp3", "\N{REPLACEMENT CHARACTER}" * 2 + ".mp3"),
        ("attachment; filename*=utf-7''x; filename=plain.mp3", "plain.mp3"),
        ('attachment; filename="never ends', ""),
    ],
)
def test_the_name_is_the_one_that_the_host_gives(header: str, name: str) -> None:
    assert name_in_disposition(header) == name


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_what_we_write_ourselves_is_read_again(name: str) -> None:
    assert name_in_disposition(content_disposition(name)) == name


@pytest.mark.parametrize(
    ("path", "name"),
    [("/a/talk.mp3", "talk.mp3"), ("/Gr%C3%BC%C3%9Fe.mp3", "Grüße.mp3"), ("/", ""), ("/%ff", "\N{REPLACEMENT CHARACTER}")],
)
def test_otherwise_it_is_the_last_part_of_the_path(path: str, name: str) -> None:
    assert name_in_path(path) == name
