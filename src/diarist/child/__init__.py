"""A long-lived child process that serves calls over pipes, for work that must be killable and must not take its parent down."""
