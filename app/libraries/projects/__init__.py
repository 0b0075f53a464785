"""The project library: from a lead to an accepted, industrialised project."""
