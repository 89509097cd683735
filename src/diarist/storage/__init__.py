"""Where the bytes of recordings and chunks live."""
