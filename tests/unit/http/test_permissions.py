import pytest

from diarist.domain.access import Permission
from diarist.http.permissions import needed

ID = "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/health/live"), ("GET", "/health/ready"), ("GET", "/docs"), ("GET", "/docs/start.js"), ("GET", "/openapi.json"),
     ("OPTIONS", "/v1/tus")],
)  # fmt: skip
def test_what_tells_nothing_of_anybody_is_for_everybody(method: str, path: str) -> None:
    assert needed(method, path) is None


@pytest.mark.parametrize(
    ("method", "path", "permission"),
    [
        ("GET", "/v1/recordings", Permission.READ),
        ("HEAD", f"/v1/recordings/{ID}/audio", Permission.READ),
        ("GET", "/v1/receipts", Permission.READ),
        ("POST", "/v1/recordings", Permission.ADD),
        ("POST", "/v1/recordings/imports", Permission.ADD),
        ("POST", f"/v1/recordings/uploads/{ID}/complete", Permission.ADD),
        ("PATCH", f"/v1/tus/{ID}", Permission.ADD),
        ("GET", f"/v1/tus/{ID}", Permission.ADD),
        ("DELETE", f"/v1/recordings/{ID}", Permission.EDIT),
        ("POST", f"/v1/jobs/{ID}/cancel", Permission.EDIT),
        ("POST", f"/v1/recordings/{ID}/entry", Permission.EDIT),
        ("PATCH", f"/v1/entries/{ID}", Permission.EDIT),
        ("GET", "/v1/keys", Permission.MANAGE),
        ("DELETE", f"/v1/keys/{ID}", Permission.MANAGE),
        ("GET", "/v1/users", Permission.MANAGE),
        ("GET", "/v1/account", Permission.READ),
        ("PATCH", "/v1/account", Permission.MANAGE),
        ("GET", "/v1/usage/days", Permission.READ),
        ("POST", "/v1/jobs/bulk", Permission.EDIT),
        ("POST", "/v1/recordings/bulk", Permission.EDIT),
        ("GET", f"/v1/subscriptions/{ID}/deliveries", Permission.MANAGE),
    ],
)
def test_what_else_is_asked_needs_a_permission(method: str, path: str, permission: Permission) -> None:
    assert needed(method, path) is permission


@pytest.mark.parametrize(
    "path", ["/", "/v1/nothing", "/healthy", "/docsx", "/openapi.json/x", "/health", "/v1/recordings/health/live"]
)
def test_what_nobody_knows_is_guarded_too(path: str) -> None:
    assert needed("GET", path) is Permission.READ
    assert needed("POST", path) is Permission.EDIT


@pytest.mark.parametrize("path", ["/v1/keysmith", "/v1/tusk"])
def test_a_rule_holds_for_whole_names(path: str) -> None:
    assert needed("GET", path) is Permission.READ
