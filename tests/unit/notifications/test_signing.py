import base64
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from diarist.notifications.signing import PREFIX, new_secret, signatures


def headers(keys: list[str], message_id: str, body: bytes) -> dict[str, str]:
    now = int(datetime.now(UTC).timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": signatures(keys, message_id, now, body),
    }


@given(st.text(max_size=50))
def test_the_official_library_accepts_what_is_signed(text: str) -> None:
    secret, body = new_secret(), text.encode()
    Webhook(secret).verify(body, headers([secret], str(uuid4()), body), json_parse=False)


def test_while_a_secret_is_replaced_either_of_the_two_is_enough() -> None:
    now, before, another = new_secret(), new_secret(), new_secret()
    signed = headers([now, before], "an-id", b"{}")
    assert len(signed["webhook-signature"].split(" ")) == 2
    for secret in (now, before):
        assert Webhook(secret).verify(b"{}", signed) == {}
    with pytest.raises(WebhookVerificationError):
        Webhook(another).verify(b"{}", signed)


@pytest.mark.parametrize(("name", "value"), [("webhook-id", "another"), ("webhook-timestamp", "1"), ("body", "{} ")])
def test_nothing_that_is_signed_can_be_changed(name: str, value: str) -> None:
    secret = new_secret()
    sent = {**headers([secret], "an-id", b"{}"), "body": "{}", name: value}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(sent.pop("body"), sent)


def test_a_secret_has_256_bits_behind_the_prefix_of_the_standard() -> None:
    secret = new_secret()
    assert secret.startswith(PREFIX)
    assert len(base64.b64decode(secret.removeprefix(PREFIX))) == 32
    assert secret != new_secret()
