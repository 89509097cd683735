"""APIs that clients of other tools speak, over the same recordings, jobs and workers as our own."""
