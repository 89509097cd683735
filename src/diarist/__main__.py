"""`python -m diarist` is the command line."""

from __future__ import annotations

from diarist.cli.main import main

if __name__ == "__main__":
    main()
