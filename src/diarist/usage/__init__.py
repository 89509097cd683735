"""What an account has used, against what it may."""
