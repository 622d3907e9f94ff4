"""Ratios against rivals, measured in one process; absolute times say nothing on shared machines."""
