import pytest

from diarist.errors import Misconfigured
from diarist.plugins import GROUPS, available, load


@pytest.mark.parametrize("group", GROUPS)
def test_every_plugin_that_we_ship_can_be_loaded(group: str) -> None:
    points = available(group)
    assert points
    for point in points:
        assert callable(load(group, point.name))


def test_a_plugin_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(Misconfigured, match=r"'parrot'.*scripted"):
        load("diarist.transcription_engines", "parrot")
