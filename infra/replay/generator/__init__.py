"""Turns rows of street files into contract messages with fictional victims, by a table of shares with their sources."""
