"""The desk's pages: ask the steps, show what they say."""
