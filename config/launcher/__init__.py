"""The launcher behind ./citta: each module is one thing the command has to bring, start or check."""
