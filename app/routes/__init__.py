"""The pages, one module for each task of a user."""
