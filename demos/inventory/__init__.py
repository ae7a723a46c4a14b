"""What the five documents contain, item by item, what is wrong in them, and which demo shows it."""
