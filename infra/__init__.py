"""What is deployed, and the machine that runs it locally; the product never imports it."""
