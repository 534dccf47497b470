"""Mappe für IT, Datenschutz und Personalrat: the papers a Träger asks for before a program may be used.

`folder.make(office, at=...)` sets them from texts beside this file and from what the installation is at that moment:
its settings, its rights, its periods. Nothing in them is typed twice, so that paper and program cannot drift apart.
"""
