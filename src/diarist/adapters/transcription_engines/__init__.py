"""Engines that turn sound into timed text."""
