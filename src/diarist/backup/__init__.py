"""Backups: a consistent database, every blob that its rows name, encrypted, in another place; and the way back."""
