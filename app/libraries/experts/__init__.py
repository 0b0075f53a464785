"""The expert library: who can help, who may be asked, and what stands in the way."""
