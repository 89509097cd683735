"""Technologies behind the ports, a folder a port; loaded by entry point, imported by nobody."""
