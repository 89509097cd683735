"""The ledger of tasks, and the engine that rings when there is work."""
