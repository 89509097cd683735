"""Jobs: one run of the pipeline over one recording, and the work on its tasks."""
