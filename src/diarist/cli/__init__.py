"""The command line: a file a noun; only Typer is imported before a command runs, so that `--help` answers at once."""
