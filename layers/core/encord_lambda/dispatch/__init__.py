"""Which waiting tasks are queued, and what their messages say."""
