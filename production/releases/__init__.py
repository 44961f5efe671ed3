"""What a release changes, says and takes back, and who has it still."""
