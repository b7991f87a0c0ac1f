"""Whether Encord has what pipeline.yaml names: what was read of Encord, and what of it does not fit."""
