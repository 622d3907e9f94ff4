"""Long proofs against independent references; a slice of each runs with the tests."""
