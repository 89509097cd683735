"""What recordings cost: processors, language models, storage and network, by the prices of whoever runs it."""
