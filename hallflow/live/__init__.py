"""Pushing pictures: screens watch, and see every change of their hall within a moment."""

from hallflow.live.drawer import Drawer
from hallflow.live.hints import Hints
from hallflow.live.lines import Lines
from hallflow.live.namespace import LiveNamespace
from hallflow.live.presence import Presence

__all__ = ["Drawer", "Hints", "Lines", "LiveNamespace", "Presence"]
