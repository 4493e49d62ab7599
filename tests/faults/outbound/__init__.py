"""What leaves here while everything dies: real other sides, and lines to them that lose answers."""
