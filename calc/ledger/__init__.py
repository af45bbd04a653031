"""What a utility does with a published night: postings, remittances and returns, each entered in a chained ledger."""
