"""Certificates and titles an enterprise holds, each under the rules of its year."""
