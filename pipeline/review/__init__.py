"""The page on which people and the model code together: served to this machine alone."""
