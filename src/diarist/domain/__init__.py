"""Frozen values and enums in the words of the glossary; standard library only."""
