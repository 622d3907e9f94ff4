"""What secures the loans: assets, valuations, pledges and guarantees, and how far they suffice."""
