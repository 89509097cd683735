"""Uploads that arrive in pieces, or straight in the store, and become recordings once every byte is there."""
