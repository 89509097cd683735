"""What `diarist evaluate` does."""
