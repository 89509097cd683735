"""SQLAlchemy: tables' base, sessions, clock and migrations; the database is no port, SQLAlchemy spans both kinds."""
