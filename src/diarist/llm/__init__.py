"""What language models are asked, what leaves the machine for it, and what it costs."""
