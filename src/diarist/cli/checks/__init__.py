"""What `diarist doctor` looks at, a file a kind; each check says what it saw, and how to mend what is wrong."""
