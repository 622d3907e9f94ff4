"""Paying out under conditions: what has to be met, own money first, the plan and its invoices."""
