"""Commands at a server that DIARIST_API_URL names: the same words, over HTTP."""
