"""Asking somebody who need not have an account: a link for one record, the mail it travels in."""
