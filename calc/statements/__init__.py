"""What a customer is given about a deposit: a statement of its life, why it is required, a receipt."""
