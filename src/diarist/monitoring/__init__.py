"""What one process tells of all: figures that are in the database, and not in what a single process has done."""
