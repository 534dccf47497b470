"""Post at the desk: letters to print, and what could not be delivered."""
