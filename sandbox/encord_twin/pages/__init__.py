"""Pages that show a person what happens in the twin: the workflow as a board, every item with its labels drawn on it.

Rendered on the server, unsigned (the server binds to loopback only) and without anything from elsewhere. `addresses`
lists them; each has one template and one function that reads the store for it. What a page shows may change while
somebody looks: `live` gives the browser the new content, or says that there is none.
"""

from .addresses import routes

__all__ = ["routes"]
