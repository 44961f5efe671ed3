"""What stations say they played, held against what was planned for them."""
