"""OpenAI's audio API, as its own client libraries speak it (openai-python, types/audio)."""
