"""Checks of the repository itself: plain pytest over parsed files, no database, a few seconds."""
