"""The diary written by a language model: from claims that are proven, in sentences that are proven again."""
