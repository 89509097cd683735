"""Templates come with Diarist or are one's own; versions are kept."""

from __future__ import annotations

from uuid import UUID

import pytest

from diarist.database.session import Database
from diarist.diary.template_service import add_style, find_style, list_styles
from diarist.diary.written.style import LONGEST, packaged, read_style
from diarist.diary.written.writing import told_to_write
from diarist.errors import InvalidInput, NotFound

WALKS = "---\nname: walks\nlength: short\n---\nTell of {walks} only."


async def test_one_s_own_templates_are_versioned_and_go_first(database: Database, account_id: UUID) -> None:
    async with database.write() as session:
        first = await add_style(session, account_id, WALKS)
        second = await add_style(session, account_id, WALKS.replace("only", "and runs"))
        mine = await add_style(session, account_id, WALKS, "diary")
    async with database.read() as session:
        assert [first.label, second.label, mine.label] == ["walks@1", "walks@2", "diary@2"]
        assert (await find_style(session, account_id, "walks")).guidance == "Tell of {walks} and runs."
        assert (await find_style(session, account_id, "walks@1")).guidance == "Tell of {walks} only."
        assert (await find_style(session, account_id, "diary@1")) == packaged()["diary"]
        assert "diary@2" in [style.label for style in await list_styles(session, account_id)]
        for version in ("7", "x", "\u00b2", "9" * 30):
            with pytest.raises(NotFound):
                await find_style(session, account_id, f"walks@{version}")
        with pytest.raises(NotFound):
            await find_style(session, UUID(int=5), "walks")


@pytest.mark.parametrize(
    "source",
    [
        "no front matter",
        "---\nname: a\n",
        "---\nname: a\ncolour: red\n---\n",
        "---\nname: ../a\n---\n",
        "---\nlength: short\n---\n",
        "---\nname: a\nlength: endless\n---\n",
        "---\nname: a\nperson: fourth\n---\n",
        "---\nname: a\nspeaker: Maya\n---\n",
        "---\nname: a\nperson: third\nspeaker: M4ya\n---\n",
        "---\nname: a\nversion: new\n---\n",
        "---\nname: a\nversion: \u00b2\n---\n",
        "---\nname: a\n---\n" + "x" * LONGEST,
    ],
)
def test_what_is_no_template_is_refused(source: str) -> None:
    with pytest.raises(InvalidInput):
        read_style(source)


def test_the_templates_that_come_with_diarist_are_told_whole() -> None:
    assert set(packaged()) == {"diary", "meeting", "dream", "gratitude", "therapy reflection"}
    for style in packaged().values():
        told = told_to_write(style, "en", 1.0)
        assert style.guidance in told
        assert style.tone in told
        assert "{" not in told
    assert "{walks}" in told_to_write(read_style(WALKS), None, 1.0)
