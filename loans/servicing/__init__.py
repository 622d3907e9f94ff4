"""The acts on a loan after its signature: each checked, kept, and followed by the books."""
