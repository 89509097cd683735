"""The roles that a process can play."""
