"""What language models were asked, as its owner sees it; `llm.receipts` keeps it."""
