"""What `make bench` runs. Must not be a test: figures are printed, never asserted."""
