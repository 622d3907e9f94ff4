"""The terms of a facility as versions: drafted, compared, published."""
