"""Uploads become items: what an object is, how Encord shall import it, what became of it. All pure."""
