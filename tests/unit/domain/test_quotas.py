from diarist.domain.quotas import Quotas


def test_what_an_account_has_of_its_own_comes_first() -> None:
    usual = Quotas(audio_hours=10, stored_bytes=100, jobs=3)
    assert Quotas(audio_hours=0, jobs=5).or_else(usual) == Quotas(audio_hours=0, stored_bytes=100, jobs=5)
    assert Quotas().or_else(usual) == usual


def test_no_bound_is_none() -> None:
    assert not Quotas()
    assert Quotas(audio_hours=0)
