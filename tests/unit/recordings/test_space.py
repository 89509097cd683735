from uuid import UUID

from diarist.accounts.service import add_account, set_archive_policy
from diarist.database.base import new_id
from diarist.database.session import Database
from diarist.domain.archive import ArchiveFormat
from diarist.recordings.models import RecordingRow
from diarist.recordings.space import Space, space_taken


async def test_room_is_counted_by_account_and_what_was_saved_apart(database: Database, account_id: UUID) -> None:
    async with database.write() as session:
        await add_account(session, "empty")
        await set_archive_policy(session, "local", ArchiveFormat.OPUS, 7)
        for number, (size, original, kind) in enumerate(((100, None, None), (10, 90, ArchiveFormat.OPUS))):
            session.add(
                RecordingRow(
                    id=new_id(), account_id=account_id, sha256=str(number) * 64, size_bytes=size, filename="a",
                    blob_key=f"a/{number}", original_size_bytes=original, archived_format=kind,
                )
            )  # fmt: skip
    async with database.read() as session:
        empty, local = await space_taken(session)
    assert empty == Space(
        account="empty", archive_format=ArchiveFormat.KEEP, archive_after_days=30, recordings=0, size_bytes=0, archived=0,
        saved_bytes=0,
    )  # fmt: skip
    assert local == Space(
        account="local", archive_format=ArchiveFormat.OPUS, archive_after_days=7, recordings=2, size_bytes=110, archived=1,
        saved_bytes=80,
    )  # fmt: skip
