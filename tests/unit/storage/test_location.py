import pytest
from pydantic import SecretStr

from diarist.errors import Misconfigured
from diarist.settings import StorageSettings
from diarist.storage.blobs import Blobs
from diarist.storage.location import Location, parse_location


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("file:///var/lib/blobs", Location(kind="file", path="/var/lib/blobs")),
        ("file://localhost/with%20space", Location(kind="file", path="/with space")),
        ("memory:", Location(kind="memory")),
        ("s3://bucket", Location(kind="s3", bucket="bucket")),
        ("s3://bucket/some/prefix/", Location(kind="s3", bucket="bucket", path="some/prefix")),
        ("gs://bucket/prefix", Location(kind="gs", bucket="bucket", path="prefix")),
        ("az://container/prefix", Location(kind="az", bucket="container", path="prefix")),
        ("azure://container", Location(kind="az", bucket="container")),
    ],
)
def test_the_scheme_says_which_store(url: str, location: Location) -> None:
    assert parse_location(url) == location


@pytest.mark.parametrize(
    "url",
    ["", "/var/lib", "ftp://somewhere/else", "s3:", "s3:///prefix", "s3://bucket?region=eu", "file://server/share", "file:here", "s3://[x"],
)  # fmt: skip
def test_what_names_no_store_is_a_matter_of_settings(url: str) -> None:
    with pytest.raises(Misconfigured, match="DIARIST_STORAGE__URL"):
        parse_location(url)


def test_credentials_in_the_url_are_refused_and_not_repeated() -> None:
    with pytest.raises(Misconfigured) as refused:
        parse_location("s3://key:secret@bucket")
    assert "secret@" not in refused.value.message
    assert "DIARIST_STORAGE__SECRET_ACCESS_KEY" in refused.value.advice


@pytest.mark.parametrize("kind", ["gs", "az"])
def test_a_key_that_cannot_be_one_is_refused_and_not_repeated(kind: str) -> None:
    settings = StorageSettings(access_key_id="name", secret_access_key=SecretStr("no key at all"))
    with pytest.raises(Misconfigured) as refused:
        Blobs.open(f"{kind}://bucket", settings)
    assert "no key at all" not in f"{refused.value.message} {refused.value.__cause__} {refused.value.advice}"


def test_google_takes_a_service_account() -> None:
    account = '{"private_key":"x","private_key_id":"x","client_email":"x@example.org","disable_oauth":true,"gcs_base_url":"http://localhost"}'
    blobs = Blobs.open("gs://bucket/prefix", StorageSettings(secret_access_key=SecretStr(account)))
    assert blobs.can_sign
    assert not blobs.local
