"""Truceline reads reporting on war and diplomacy and keeps the record."""

__version__ = "0.1.0"
