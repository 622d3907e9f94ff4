"""What one loan owes on any day: a pure function of its contract and of what happened to it."""
