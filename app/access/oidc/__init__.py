"""Signing in through an identity provider (OpenID Connect): a client that believes nothing."""
