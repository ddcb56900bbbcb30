CREATE UNIQUE INDEX tag_once ON tag (note, name);
