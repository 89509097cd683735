from pydantic import SecretStr

from diarist.settings import BrokerSettings, DatabaseSettings, Settings
from diarist.settings.access import OidcSettings
from diarist.settings.kept_secret import secrets_of


def test_the_secrets_of_settings_are_found() -> None:
    settings = Settings(
        database=DatabaseSettings(url="postgresql://me:passw0rd@db/diarist"),
        broker=BrokerSettings(url="redis://:other-pass@redis"),
        oidc=OidcSettings(issuer="https://login.example.org", client_id="diary", client_secret=SecretStr("client-secret")),
    )
    assert secrets_of(settings) == {"passw0rd", "other-pass", "client-secret"}
