import pytest
from starlette.datastructures import Headers

from diarist.http.authentication import credentials_of


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer diarist_x"},
        {"Authorization": "bearer   diarist_x "},
        {"Authorization": "Token diarist_x"},
        {"X-API-Key": "diarist_x"},
        {"X-API-Key": "another", "Authorization": "Bearer diarist_x"},
        {"Sec-WebSocket-Protocol": "diarist.events.v1, diarist.key.diarist_x"},
        {"Sec-WebSocket-Protocol": "diarist.key.another", "X-API-Key": "diarist_x"},
    ],
)
def test_a_key_is_found_where_clients_put_it(headers: dict[str, str]) -> None:
    assert credentials_of(Headers(headers)).key == "diarist_x"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic ZGlhcmlzdA=="},
        {"X-API-Key": " "},
        {"Sec-WebSocket-Protocol": "diarist.events.v1"},
    ],
)
def test_where_there_is_none_none_is_found(headers: dict[str, str]) -> None:
    assert credentials_of(Headers(headers)).key is None


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_proxy_is_noticed(name: str) -> None:
    assert credentials_of(Headers({name: "192.0.2.1"})).forwarded
    assert not credentials_of(Headers({})).forwarded
