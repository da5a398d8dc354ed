"""The ear of the log: every event with a kind is stored, in the transaction that made it true."""
