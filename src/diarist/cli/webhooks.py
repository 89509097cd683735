"""`diarist webhooks`: addresses that are told what happens."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from diarist.cli.options import Account, AsJson, Limit
from diarist.cli.reporting import reporting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from diarist.notifications.models import SubscriptionRow

app = typer.Typer(
    help="Have events sent to addresses of yours, and see what was sent.", no_args_is_help=True, rich_markup_mode=None
)

Which = Annotated[str, typer.Argument(metavar="ID", help="A subscription's id, its last 4 digits or more, or its address.")]
Events = Annotated[
    list[str] | None, typer.Option("--event", help="An event such as `entry.created`, once for each; left out: all of them.")
]


@app.command()
@reporting
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address to send to.")],
    *,
    event: Events = None,
    label: Annotated[str, typer.Option(help="What it is, for people.")] = "",
    account: Account = "local",
    as_json: AsJson = False,
) -> None:
    """Subscribe an address, and print the secret that its webhooks are signed with, this once."""
    from diarist.accounts.service import account_id
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.notifications import service

    async def write() -> SubscriptionRow:
        async with opened(settings_in_force()) as here:
            settings = here.runtime.settings.webhooks
            await service.check_receiver(url, settings)
            async with here.runtime.database.write() as session:
                owner = await account_id(session, account)
                return await service.create_subscription(
                    session, owner, url, event or (), label, most=settings.max_subscriptions
                )  # fmt: skip

    _print_secret(run(write()), as_json=as_json)


@app.command("list")
@reporting
def list_subscriptions(*, account: Account = "local", as_json: AsJson = False) -> None:
    """List the subscriptions of an account, the newest first."""
    from diarist.accounts.service import account_id
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.webhook_pages import print_subscriptions
    from diarist.notifications import repository

    async def read() -> list[SubscriptionRow]:
        async with opened(settings_in_force()) as here, here.runtime.database.read() as session:
            return [*await repository.list_subscriptions(session, await account_id(session, account), 10_000)]

    print_subscriptions(run(read()), as_json=as_json)


@app.command()
@reporting
def show(subscription: Which, *, account: Account = "local", as_json: AsJson = False) -> None:
    """Show a subscription, but for its secret."""
    from diarist.accounts.service import account_id
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.webhook_pages import print_subscription
    from diarist.cli.webhook_sending import meant
    from diarist.notifications.repository import get_subscription

    async def read() -> SubscriptionRow:
        async with opened(settings_in_force()) as here, here.runtime.database.read() as session:
            owner = await account_id(session, account)
            return await get_subscription(session, owner, await meant(session, owner, subscription))

    print_subscription(run(read()), as_json=as_json)


@app.command()
@reporting
def rotate(
    subscription: Which,
    *,
    overlap: Annotated[float, typer.Option(min=0, max=168, help="Hours for which the secret before signs as well.")] = 24.0,
    account: Account = "local",
    as_json: AsJson = False,
) -> None:
    """Make another secret and print it, this once."""
    from datetime import timedelta

    from diarist.notifications import service

    async def rotated(session: AsyncSession, owner: UUID, meant: UUID) -> SubscriptionRow:
        return await service.rotate_secret(session, owner, meant, timedelta(hours=overlap))

    _print_secret(_done(account, subscription, rotated), as_json=as_json)


@app.command()
@reporting
def pause(subscription: Which, *, account: Account = "local", as_json: AsJson = False) -> None:
    """Send nothing to it; what happens meanwhile is held."""
    from diarist.cli.webhook_pages import print_subscription
    from diarist.notifications import service

    print_subscription(_done(account, subscription, service.pause), as_json=as_json)


@app.command()
@reporting
def resume(subscription: Which, *, account: Account = "local", as_json: AsJson = False) -> None:
    """Send again, at first what was held."""
    from diarist.cli.webhook_pages import print_subscription
    from diarist.notifications import service

    print_subscription(_done(account, subscription, service.resume), as_json=as_json)


@app.command()
@reporting
def remove(subscription: Which, *, account: Account = "local", as_json: AsJson = False) -> None:
    """Take a subscription away, with the log of what was sent to it."""
    from diarist.cli.terminal import print_json, results, safe
    from diarist.cli.webhook_pages import subscription_to_json
    from diarist.notifications import service

    removed = _done(account, subscription, service.remove)
    if as_json:
        print_json({"subscription": subscription_to_json(removed)})
    else:
        results().print(safe(f"Removed {removed.url}."))


@app.command("test")
@reporting
def send_test(subscription: Which, *, account: Account = "local", as_json: AsJson = False) -> None:
    """Send a test event and say what came of it; status 40 when the receiver did not take it."""
    from diarist.cli.exit_codes import status_of
    from diarist.cli.interruption import run
    from diarist.cli.opening import settings_in_force
    from diarist.cli.webhook_pages import print_deliveries
    from diarist.cli.webhook_sending import test_sent
    from diarist.errors import Unavailable
    from diarist.notifications.models import DeliveryState

    delivery = run(test_sent(settings_in_force(), account, subscription))
    print_deliveries([delivery], as_json=as_json)
    if delivery.state is not DeliveryState.SUCCEEDED:
        raise typer.Exit(status_of(Unavailable))


@app.command()
@reporting
def deliveries(
    subscription: Which,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that have failed for good.")] = False,
    limit: Limit = 50,
    account: Account = "local",
    as_json: AsJson = False,
) -> None:
    """List what was, is and will be sent to a subscription, the newest first."""
    from diarist.cli.interruption import run
    from diarist.cli.opening import settings_in_force
    from diarist.cli.webhook_pages import print_deliveries
    from diarist.cli.webhook_sending import deliveries_of

    print_deliveries(run(deliveries_of(settings_in_force(), account, subscription, limit, failed=failed)), as_json=as_json)


@app.command()
@reporting
def replay(
    subscription: Which,
    delivery: Annotated[list[str] | None, typer.Argument(metavar="[DELIVERY]...", help="Ids of deliveries.")] = None,
    *,
    since: Annotated[datetime | None, typer.Option(help="All that failed for good since then, by this machine's clock.")] = None,
    account: Account = "local",
    as_json: AsJson = False,
) -> None:
    """Send deliveries again, with the same `webhook-id` each: those that are named, or all that failed since a moment."""
    from diarist.cli.interruption import run
    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import print_json, results
    from diarist.cli.webhook_sending import sent_again

    if bool(delivery) == (since is not None):
        raise typer.BadParameter("give ids of deliveries, or --since")
    found = run(sent_again(settings_in_force(), account, subscription, delivery or (), since.astimezone() if since else None))
    if as_json:
        print_json({"deliveries": found})
    else:
        results().print(f"{found} sent again; `diarist webhooks deliveries` shows what came of it.")


def _done(
    account: str, subscription: str, what: Callable[[AsyncSession, UUID, UUID], Awaitable[SubscriptionRow]]
) -> SubscriptionRow:
    """Do it to the subscription that is meant."""
    from diarist.accounts.service import account_id
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.webhook_sending import meant

    async def write() -> SubscriptionRow:
        async with opened(settings_in_force()) as here, here.runtime.database.write() as session:
            owner = await account_id(session, account)
            return await what(session, owner, await meant(session, owner, subscription))

    return run(write())


def _print_secret(row: SubscriptionRow, *, as_json: bool) -> None:
    from diarist.cli.terminal import messages, print_json, results
    from diarist.notifications.schemas import subscription_with_secret

    if as_json:
        print_json({"subscription": subscription_with_secret(row).model_dump(mode="json")})
        return
    results().print(row.secret)
    messages().print("Keep it now: it cannot be shown again. The receiver verifies with it what is signed (Standard Webhooks).")
