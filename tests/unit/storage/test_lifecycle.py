from diarist.storage.keys import kind_of
from diarist.storage.lifecycle import lifecycle_rules
from diarist.storage.location import parse_location


def test_only_unfinished_uploads_are_dropped_unless_more_is_wanted() -> None:
    (rule,) = lifecycle_rules(parse_location("s3://bucket"))["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert rule["Filter"] == {"Prefix": ""}


def test_rules_find_objects_by_the_tags_that_they_are_given() -> None:
    rules = lifecycle_rules(parse_location("s3://bucket/some/prefix"), chunk_days=90, cold_days=30)["Rules"]
    assert [rule["Filter"]["And"]["Tags"][0]["Value"] for rule in rules[1:]] == [
        kind_of("accounts/a/recordings/r/chunks/1/00000.flac"),
        kind_of("accounts/a/recordings/r/original"),
    ]
    assert all(rule["Filter"]["And"]["Prefix"] == "some/prefix/" for rule in rules[1:])
    assert rules[1]["Expiration"] == {"Days": 90}
    assert rules[2]["Transitions"][0]["Days"] == 30


def test_an_upload_is_told_from_a_recording() -> None:
    assert kind_of("accounts/a/uploads/u/0-x") == "upload"
