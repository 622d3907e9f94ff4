"""The terms of each facility as versioned data, one file a profile."""
