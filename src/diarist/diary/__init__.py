"""From a transcript to a diary entry that proves itself."""
