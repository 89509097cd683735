from dataclasses import replace
from decimal import Decimal

import pytest

from diarist.domain.privacy import Privacy, Region
from diarist.llm.candidates import PRESETS, Choice, ModelCard, Need, Standing, choose
from diarist.llm.measuring import Measured

NEED = Need(input_tokens=5000, output_tokens=1000, quality=50, privacy=Privacy.ANYONE)


def standing(
    name: str = "one", *, cost: str | None = "0.01", most: str | None = "0.05", seconds: float | None = None,
    closed_in: float = 0.0, unmaskable: bool = False, region: Region = Region.ANYONE, context: int = 8000, quality: float = 60,
) -> Standing:  # fmt: skip
    card = ModelCard(kind="openai", model=name, region=region, price=None, provider="p", context_tokens=context, quality=50)
    return Standing(
        card=card, expected_cost=Decimal(cost) if cost else None, most_cost=Decimal(most) if most else None, quality=quality,
        measured=Measured(seconds=seconds), closed_in=closed_in, unmaskable=unmaskable,
    )  # fmt: skip


def order(choice: Choice) -> list[str]:
    return [one.standing.card.model for one in choice.ranked]


@pytest.mark.parametrize(
    ("given", "need", "code"),
    [
        (standing(context=5999), NEED, "context"),
        (standing(quality=49), NEED, "quality"),
        (standing(), replace(NEED, model="p/other"), "not_chosen"),
        (standing(region=Region.EU), replace(NEED, privacy=Privacy.SELF_HOSTED), "privacy"),
        (standing(region=Region.ANYONE), replace(NEED, privacy=Privacy.EU), "privacy"),
        (
            standing(region=Region.SELF_HOSTED),
            replace(NEED, privacy=Privacy.NOBODY),
            "privacy",
        ),
        (standing(closed_in=12.0), NEED, "breaker"),
        (standing(unmaskable=True), NEED, "masking"),
        (standing(most=None), NEED, "price"),
        (
            standing(),
            replace(NEED, budget_left=Decimal("0.049")),
            "budget",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_rejection_has_its_reason(given: Standing, need: Need, code: str) -> None:
    choice = choose([given], need, PRESETS["balanced"])
    assert not choice.ranked
    (rejected,) = choice.rejected
    assert rejected.code == code
    assert len(rejected.reason) > 10


def test_what_just_fits_is_taken() -> None:
    need = Need(input_tokens=7000, output_tokens=1000, quality=60, privacy=Privacy.EU, budget_left=Decimal("0.05"))
    assert order(choose([standing(region=Region.EU)], need, PRESETS["balanced"])) == ["one"]


def test_presets_put_other_models_first() -> None:
    models = [
        standing("good", cost="0.1", quality=95, seconds=9.0),
        standing("small", cost="0.002", quality=55, seconds=2.0),
        standing("home", cost="0", quality=50, seconds=20.0, region=Region.SELF_HOSTED),
        standing("middle", cost="0.02", quality=85, seconds=4.0),
    ]
    first = {preset: order(choose(models, NEED, weights))[0] for preset, weights in PRESETS.items()}
    assert first == {"cheap": "small", "balanced": "middle", "best": "good", "private": "home"}


def test_equals_keep_the_order_of_the_settings() -> None:
    assert order(choose([standing("first"), standing("second")], NEED, PRESETS["balanced"])) == ["first", "second"]


def test_who_was_never_timed_counts_as_the_fastest() -> None:
    models = [standing("slow", seconds=9.0), standing("new"), standing("quick", seconds=1.0)]
    assert order(choose(models, NEED, PRESETS["balanced"])) == ["new", "quick", "slow"]


def test_the_parts_of_a_score_add_up() -> None:
    (ranked,) = choose([standing(seconds=3.0)], NEED, PRESETS["balanced"]).ranked
    assert ranked.score == pytest.approx(sum(ranked.parts.values()))
    assert ranked.parts["quality"] == pytest.approx(0.45 * 0.4)
