"""Versioned code tables that every register cites: industries, high-tech fields, working days."""
