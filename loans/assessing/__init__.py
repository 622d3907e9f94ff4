"""The rules that a project is held against, and the offer that follows."""
