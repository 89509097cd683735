"""What `make deploy-check` looks at."""
