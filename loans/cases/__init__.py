"""A case on its way: proposal, application, assessment, decisions and the contract."""
