"""How large a fleet must be: arithmetic on measured figures."""
