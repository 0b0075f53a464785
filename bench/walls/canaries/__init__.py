"""Values nobody else has, put into personal and restricted fields, and looked for everywhere."""
