"""What a person or a program sees and does: pages, API, command line, sign-in."""
