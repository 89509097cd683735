"""What the owner of an account should know of how things stand right now; nothing of it is kept, it is worked out when asked."""
