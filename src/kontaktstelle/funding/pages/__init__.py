"""What funding shows outside the desk."""
