"""Requests the twin makes itself, as the platform does: signed notifications, and calls of custom agents."""
