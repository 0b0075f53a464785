"""The public pages, made on the server: they work without JavaScript and without a built page."""
