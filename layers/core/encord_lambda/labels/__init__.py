"""What an ontology allows, and what an agent proposes within it."""
