"""The contracts that plugins fulfil, one Protocol a file."""
