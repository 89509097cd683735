"""Two APIs, a primary, a replica that is held back, and a Redis, all real."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet import Fleet, fleet
from postgres_replica import Pair, replica_url, replicated
from redis_server import redis_server

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


@pytest.fixture
def pair() -> Iterator[Pair]:
    with replicated() as pair:
        yield pair
        pair.go_on()


@pytest.fixture
def apis(tmp_path: Path, pair: Pair) -> Iterator[Fleet]:
    folder = tmp_path / "redis"
    folder.mkdir()
    with redis_server(folder) as redis, fleet(tmp_path, pair.primary, redis) as members:
        pair.go_on()
        yield members


def test_who_has_written_is_shown_it_though_the_replica_is_behind(apis: Fleet, pair: Pair) -> None:
    replica = {"DATABASE__REPLICA_URL": replica_url(pair, apis.database_url)}
    writing, reading = apis.start("ingestion-api", **replica), apis.start("job-status-api", **replica)
    pair.hold()
    with writing.client() as writer, reading.client() as reader:
        given = writer.post("/v1/recordings", content=SAMPLE.read_bytes(), headers={"Content-Type": "audio/ogg"})
        assert given.status_code == 202, given.text
        job = given.headers["Location"]
        assert reader.get(job).json()["state"] == "queued"
        assert len(reader.get("/v1/recordings").json()["items"]) == 1

        with apis.redis.client() as redis:
            redis.flushall()
        assert reader.get(job).status_code == 404, "the replica was not behind, or was not asked"
        pair.go_on()
        assert reader.get(job).status_code == 200

        pair.hold()
        assert writer.post(f"{job}/cancel").status_code == 200
        assert reader.get(job).json()["state"] == "cancelled"
        apis.redis.kill()
        assert reader.get(job).json()["state"] == "cancelled", "without the cache the primary has to be asked"
