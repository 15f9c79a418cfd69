// No commands in the ribbon: the add-in is its functions.
