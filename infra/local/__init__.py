"""The embedded cloud of one machine: never deployed, never imported by the product."""
