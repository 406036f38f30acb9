"""What runs show on their pages in the Prefect UI."""
