"""Acts on accounts: signing in, families, children, consents, messages. Only these modules write."""
