"""The figures of a fund and its portfolio on any day, with the rows behind each."""
