"""What agents in the shadow would have done, compared with what people did since."""
