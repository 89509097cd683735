"""Hearing: which model is used and where it lies, and the child process that holds it."""
