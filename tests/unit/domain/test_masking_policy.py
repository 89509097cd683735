import json

import pytest

from diarist.domain.masking import Kind, MaskingPolicy, Where, WithoutNames, policy_of
from diarist.errors import InvalidInput, Misconfigured
from diarist.settings import load_settings

STRICT = MaskingPolicy(
    kinds=frozenset({Kind.PERSON, Kind.EMAIL}),
    where=frozenset({Where.BEFORE_ANY_PROVIDER}),
    without_names=WithoutNames.PATTERNS,
)


def test_a_policy_survives_json() -> None:
    assert policy_of(json.loads(json.dumps(STRICT.to_json()))) == STRICT


def test_what_a_policy_does_not_say_is_as_in_the_default() -> None:
    assert policy_of({"where": []}, STRICT) == MaskingPolicy(
        kinds=STRICT.kinds, where=frozenset(), without_names=STRICT.without_names
    )
    assert policy_of(None, STRICT) == STRICT


@pytest.mark.parametrize(
    "value",
    [{"kind": []}, {"kinds": "person"}, {"kinds": ["soul"]}, {"where": [1]}, {"without_names": None}, {"where": {"a": 1}}],
)
def test_a_wrong_policy_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        policy_of(value)


@pytest.mark.parametrize(
    ("where", "self_hosted", "elsewhere"),
    [
        (set(), False, False),
        ({Where.BEFORE_ANY_PROVIDER}, True, True),
        ({Where.BEFORE_NON_SELF_HOSTED}, False, True),
    ],
)
def test_where_a_policy_applies(where: set[Where], self_hosted: bool, elsewhere: bool) -> None:  # noqa: FBT001
    policy = MaskingPolicy(where=frozenset(where))
    assert (policy.applies(self_hosted=True), policy.applies(self_hosted=False)) == (self_hosted, elsewhere)


def test_the_default_masks_for_others_and_refuses_without_names() -> None:
    policy = MaskingPolicy()
    assert policy.kinds == frozenset(Kind)
    assert policy.applies(self_hosted=False)
    assert policy.without_names is WithoutNames.REFUSE


def test_the_environment_says_what_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIARIST_MASKING__KINDS", "person, email")
    monkeypatch.setenv("DIARIST_MASKING__WHERE", "")
    masking = load_settings().masking
    assert (masking.kinds, masking.where) == (frozenset({Kind.PERSON, Kind.EMAIL}), frozenset())
    monkeypatch.setenv("DIARIST_MASKING__KINDS", "soul")
    with pytest.raises(Misconfigured, match="DIARIST_MASKING__KINDS"):
        load_settings()
