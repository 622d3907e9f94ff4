"""Signing in, passwords, and who may open which route."""
