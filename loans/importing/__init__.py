"""Old loans of the fund, taken over with everything that happened to them."""
