"""Agents decide what a task's labels are and where it goes next. Each is pure: tools come in as arguments."""
