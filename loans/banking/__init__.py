"""What the bank says about an account, and how it is held against the books."""
