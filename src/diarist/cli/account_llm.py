"""`diarist account llm`: on which terms language models are asked for an account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args

import typer

from diarist.cli.options import AsJson
from diarist.domain.masking import Kind, Where, WithoutNames
from diarist.domain.privacy import Privacy

if TYPE_CHECKING:
    from diarist.accounts.models import AccountRow
    from diarist.settings import Settings

_Choice = TypeVar("_Choice", bound=StrEnum)

DEFAULT, ALL, NOWHERE = "default", "all", "nowhere"
_MOST = Decimal(1_000_000)
"""USD."""


def _wish(words: str, meaning: str) -> Any:
    return typer.Option(metavar=words, help=f"{meaning} `{DEFAULT}`: as the settings say.", show_default=False)


def language_models(
    name: Annotated[str, typer.Argument(help="The account's name.")] = "local",
    *,
    privacy: Annotated[str | None, _wish("|".join(Privacy), "Who may get the text.")] = None,
    day: Annotated[str | None, _wish("USD", "What may be spent in a day of UTC.")] = None,
    month: Annotated[str | None, _wish("USD", "What may be spent in a month.")] = None,
    preset: Annotated[str | None, _wish("cheap|balanced|best|private", "What counts most in the choice of a model.")] = None,
    mask: Annotated[str | None, _wish("KIND,...", f"What is masked, of {', '.join(Kind)}; or `{ALL}`.")] = None,
    mask_where: Annotated[str | None, _wish("PLACE,...", f"Where, of {', '.join(Where)}; or `{NOWHERE}`.")] = None,
    without_names: Annotated[
        str | None, _wish("|".join(WithoutNames), "Whether text leaves in which nothing installed finds names.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show or say on which terms language models are asked for an account; what is left out stays as it is."""
    from diarist.accounts.llm_terms import change_llm_terms
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import print_json

    given: dict[str, Any] = {
        field: read(wish.strip())
        for field, wish, read in (
            ("privacy", privacy, _one_of(Privacy)),
            ("day_usd", day, _usd),
            ("month_usd", month, _usd),
            ("preset", preset, _preset),
            ("kinds", mask, _some_of(Kind, everything=ALL)),
            ("where", mask_where, _some_of(Where, nothing=NOWHERE)),
            ("without_names", without_names, _one_of(WithoutNames)),
        )
        if wish is not None
    }
    settings = settings_in_force()

    async def write() -> AccountRow:
        async with opened(settings) as here, here.runtime.database.write() as session:
            return await change_llm_terms(session, name, lambda own: replace(own, **given))

    account = run(write())
    if as_json:
        print_json({"account": account.name, "language_models": terms_to_json(account, settings)})
    else:
        _print(account, settings)


def terms_to_json(account: AccountRow, settings: Settings) -> dict[str, Any]:
    """The terms in force, and the names of those that are the account's own."""
    from diarist.accounts.own.schemas import terms_in_force

    return terms_in_force(account, settings).model_dump(mode="json")


def _print(account: AccountRow, settings: Settings) -> None:
    from diarist.cli.tables import print_table

    terms = terms_to_json(account, settings)
    rows = [(label, value, "of this account" if field in terms["own"] else "as for all") for field, label, value in _rows(terms)]
    print_table(("", account.name, ""), rows, empty="")


def _rows(terms: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Field, what it is called, and its value."""
    yield "privacy", "text goes to", terms["privacy"]
    yield "day_usd", "a day may cost", _amount(terms["day_usd"])
    yield "month_usd", "a month may cost", _amount(terms["month_usd"])
    yield "preset", "models are chosen", terms["preset"] or "by DIARIST_LLM__WEIGHTS"
    yield "kinds", "masked is", "all" if set(terms["kinds"]) == set(Kind) else ", ".join(terms["kinds"]) or "nothing"
    yield "where", "masked where", ", ".join(terms["where"]) or NOWHERE
    yield "without_names", "where nothing finds names", terms["without_names"]


def _amount(usd: str | None) -> str:
    return "any amount" if usd is None else f"{usd} USD"


def _usd(wish: str) -> Decimal | None:
    if wish == DEFAULT:
        return None
    try:
        amount = Decimal(wish)
    except InvalidOperation as error:
        raise typer.BadParameter(f"{wish!r} is no amount of USD, such as 0.50, and not `{DEFAULT}`") from error
    if not 0 <= amount <= _MOST:
        raise typer.BadParameter(f"an amount is from 0 to {_MOST} USD")
    return amount


def _preset(wish: str) -> str | None:
    from diarist.settings.llm import Preset

    if wish != DEFAULT and wish not in get_args(Preset):
        raise typer.BadParameter(f"{wish!r} is none of: {', '.join(get_args(Preset))}, {DEFAULT}")
    return None if wish == DEFAULT else wish


def _one_of(enum: type[_Choice]) -> Callable[[str], _Choice | None]:
    def read(wish: str) -> _Choice | None:
        if wish != DEFAULT and wish not in set(enum):
            raise typer.BadParameter(f"{wish!r} is none of: {', '.join(enum)}, {DEFAULT}")
        return None if wish == DEFAULT else enum(wish)

    return read


def _some_of(enum: type[_Choice], *, everything: str = "", nothing: str = "") -> Callable[[str], frozenset[_Choice] | None]:
    def read(wish: str) -> frozenset[_Choice] | None:
        if wish == DEFAULT:
            return None
        if wish in {everything, nothing}:
            return frozenset(enum) if wish == everything else frozenset()
        one = _one_of(enum)
        return frozenset(found for word in wish.split(",") if word.strip() and (found := one(word.strip())) is not None)

    return read
