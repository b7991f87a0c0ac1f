"""Upload jobs from their submission to their receipts, and the sums of those. All pure."""
