"""What `diarist watch` does: each recording that is put into a folder is taken in, once."""
