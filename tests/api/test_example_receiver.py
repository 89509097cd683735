"""The receiver of docs/how-to/receive-webhooks.md, run as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

from diarist.settings import Settings
from diarist.settings.webhooks import WebhookSettings
from postgres_server import free_port
from served import worked_for
from waiting import listens, until
from webhook_receiver import LOCAL

PAGE = (Path(__file__).parents[2] / "docs/how-to/receive-webhooks.md").read_text(encoding="utf-8")
PORT = "9000"


def test_the_receiver_of_the_page_takes_what_is_signed_and_nothing_else_once(settings: Settings) -> None:
    [program] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert PORT in program
    port = free_port()
    webhooks = WebhookSettings(allow_http=True, ports=[port], private_networks=[LOCAL])
    settings = settings.model_copy(update={"webhooks": webhooks})
    with worked_for(settings) as client:
        wanted = {"url": f"http://127.0.0.1:{port}/"}
        mine, anothers = (client.post("/v1/subscriptions", json=wanted).json() for _ in range(2))
        receiver = subprocess.Popen(
            [sys.executable, "-c", program.replace(PORT, str(port))],
            env={**os.environ, "DIARIST_WEBHOOK_SECRET": mine["secret"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        with receiver:
            until(lambda: listens(port), process=receiver)
            answers = []
            for subscription in (mine, anothers):
                path = f"/v1/subscriptions/{subscription['id']}"
                delivery = f"{path}/deliveries/{client.post(f'{path}/test').json()['id']}"
                tried = until(lambda: client.get(delivery).json()["tries"])  # noqa: B023 - called at once
                answers.append(tried[0]["status"])
                if subscription is mine:
                    client.post(f"{delivery}/replay")
                    until(lambda: len(client.get(delivery).json()["tries"]) == 2)  # noqa: B023 - called at once
            receiver.terminate()
            said, _ = receiver.communicate()
    assert answers == [204, 401]
    [line] = said.splitlines()
    assert line.startswith("subscription.test")
    assert mine["id"] in line
