"""The tests of Hallflow; the folders mirror those of hallflow/."""
