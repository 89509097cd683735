"""The receiver of docs/how-to/receive-webhooks.md, run as it stands there."""

import asyncio
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

from diarist.services.embedded_workers import embedded_workers
from diarist.settings import Settings
from diarist.settings.webhooks import WebhookSettings
from diarist.wiring import prepare
from served import served
from waiting import until
from webhook_receiver import LOCAL

PAGE = (Path(__file__).parents[2] / "docs/how-to/receive-webhooks.md").read_text(encoding="utf-8")
PORT = "9000"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers_at(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def test_the_receiver_of_the_page_takes_what_is_signed_and_nothing_else_once(settings: Settings) -> None:
    [program] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert PORT in program
    port = free_port()
    webhooks = WebhookSettings(allow_http=True, ports=[port], private_networks=[LOCAL])
    settings = settings.model_copy(update={"webhooks": webhooks})
    asyncio.run(prepare(settings))
    with embedded_workers(settings) as ring, served(settings, ring=ring) as client:
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
            until(lambda: answers_at(port), process=receiver)
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
