"""Files of many structures: read, refused or accepted, proven, added up to the nation."""
