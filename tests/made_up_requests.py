"""What schemathesis has to be told before it can make requests up for this API."""

import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
