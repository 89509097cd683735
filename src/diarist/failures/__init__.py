"""What went wrong: errors that are alike are counted together, and nothing is kept of what anybody said."""
