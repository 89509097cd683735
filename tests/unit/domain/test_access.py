from itertools import pairwise

import pytest

from diarist.domain.access import PERMISSIONS, SCOPES, Permission, Role


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.VIEWER, {"read"}),
        (Role.MEMBER, {"read", "add", "edit"}),
        (Role.ADMIN, {"read", "add", "edit", "manage"}),
        (Role.OWNER, {"read", "add", "edit", "manage", "own"}),
    ],
)
def test_what_each_role_may(role: Role, may: set[str]) -> None:
    assert PERMISSIONS[role] == may


def test_a_later_role_may_all_that_an_earlier_one_may_and_more() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert all(PERMISSIONS[lesser] < PERMISSIONS[greater] for lesser, greater in pairwise(Role))


def test_a_key_is_for_anything_but_making_owners() -> None:
    assert set(Permission) - SCOPES == {Permission.OWN}
