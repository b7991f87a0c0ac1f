"""All that calls a model."""
