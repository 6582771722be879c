"""Server push over Socket.IO: a screen subscribes, and gets a new picture (state snapshot) on every change."""

from hallflow.live.drawer import Drawer
from hallflow.live.hints import Hints
from hallflow.live.lines import Lines
from hallflow.live.namespace import LiveNamespace
from hallflow.live.presence import Presence

__all__ = ["Drawer", "Hints", "Lines", "LiveNamespace", "Presence"]
