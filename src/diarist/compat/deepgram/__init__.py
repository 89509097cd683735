"""Deepgram's pre-recorded API, as its own client speaks it (deepgram-sdk, listen/v1/media)."""
