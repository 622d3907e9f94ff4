"""What the fund sets aside for loans that may not come back."""
