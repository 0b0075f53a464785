"""Personal values in plain, one record at a time: asked for with a reason, told on the trail."""
