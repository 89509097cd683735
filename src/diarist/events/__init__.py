"""The log of what happened: written with what it tells of, put in order by one, read from any place."""
