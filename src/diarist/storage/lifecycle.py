"""The rules by which a bucket tidies itself, in the form that S3 takes; pure.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
"""

from __future__ import annotations

from typing import Any

from diarist.storage.location import Location

UNFINISHED_DAYS = 1
"""Days after which the parts of an upload that was never completed are dropped; nothing takes that long."""


def lifecycle_rules(location: Location, *, chunk_days: int | None = None, cold_days: int | None = None) -> dict[str, Any]:
    """What `aws s3api put-bucket-lifecycle-configuration` takes.

    `chunk_days`: when chunks expire; a part can then no longer be transcribed again by itself. `cold_days`: when originals move
    to colder storage that can still be read at once. Either is left out when None. Uploads have no rule: an upload that was
    acknowledged never expires, and only the database knows which.
    """
    prefix = f"{location.path}/" if location.path else ""
    rules: list[dict[str, Any]] = [
        {
            "ID": "diarist-unfinished-uploads",
            "Status": "Enabled",
            "Filter": {"Prefix": prefix},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UNFINISHED_DAYS},
        },
    ]
    if chunk_days is not None:
        rules.append(_rule("chunks", prefix, "chunk", {"Expiration": {"Days": chunk_days}}))
    if cold_days is not None:
        rules.append(_rule("originals", prefix, "original", {"Transitions": [{"Days": cold_days, "StorageClass": "GLACIER_IR"}]}))
    return {"Rules": rules}


def _rule(name: str, prefix: str, kind: str, action: dict[str, Any]) -> dict[str, Any]:
    """A rule for the objects that bear a tag of ours."""
    tag = {"Key": "diarist", "Value": kind}
    return {
        "ID": f"diarist-{name}",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": prefix, "Tags": [tag]}} if prefix else {"Tag": tag},
        **action,
    }
