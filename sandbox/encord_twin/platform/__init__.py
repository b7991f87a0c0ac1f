"""What the platform knows and the rules it keeps; nothing here knows how a request looks on the wire."""
