"""Closing days: every running loan's books brought to the day, and who is to be reminded."""
