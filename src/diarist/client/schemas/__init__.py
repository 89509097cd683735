"""What the API answers, as frozen values. Keys that a newer server adds are passed over."""
