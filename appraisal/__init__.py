"""Arithmetic: what a proposal is worth. Pure functions and frozen values, no input or output."""
