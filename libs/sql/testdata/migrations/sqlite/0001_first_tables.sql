-- Semicolons; "quotes" and [brackets] must survive the embedding.
CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT NOT NULL DEFAULT 'a;b"c[d]') STRICT;
CREATE TABLE tag (note INTEGER NOT NULL REFERENCES note (id), name TEXT NOT NULL) STRICT;
