"""A seeker's question: what was asked, as codes; who asked is no part of it. `coding.propose` reads a jotted note."""
