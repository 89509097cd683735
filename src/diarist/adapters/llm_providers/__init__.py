"""Who answers for language models, a file a kind."""
