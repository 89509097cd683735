"""What takes noise out of chunks, a file a technique; loaded by entry point."""
