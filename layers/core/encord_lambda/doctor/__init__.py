"""What is wrong with a deployed stack: small checks, each on its own, so that no failure hides another."""
