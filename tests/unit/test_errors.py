import re

import pytest

from diarist.errors import DiaristError, Empty, InvalidInput, NoSamples, error_classes

EVERY = sorted(
    (one for one in error_classes().values() if one.__module__.startswith("diarist.errors.")), key=lambda one: one.__name__
)


@pytest.mark.parametrize("cls", EVERY, ids=lambda one: one.__name__)
def test_every_error_says_what_happened_and_what_to_do(cls: type[DiaristError]) -> None:
    error = cls()
    assert re.fullmatch(r"[a-z_]+", error.code)
    assert len(error.message) > 10
    assert error.advice.endswith(".")


def test_codes_are_unique() -> None:
    classes = [DiaristError]
    for cls in classes:
        classes.extend(cls.__subclasses__())
    inherited = [cls.__name__ for cls in classes if "code" not in vars(cls)]
    codes = [vars(cls)["code"] for cls in classes if "code" in vars(cls)]
    assert len(codes) == len(set(codes))
    assert all(name.startswith("_") for name in inherited), "a public error shares its parent's code"


def test_an_instance_can_know_better_than_its_class() -> None:
    error = Empty("memo.wav is empty", advice="Charge the recorder.")
    assert (str(error), error.advice) == ("memo.wav is empty", "Charge the recorder.")
    assert Empty().advice != "Charge the recorder."


def test_the_families_hold_their_members() -> None:
    assert issubclass(NoSamples, InvalidInput)
    assert not InvalidInput.retryable
