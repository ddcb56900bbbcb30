-- What changed after a revision is found by these; contacts that are gone leave their id and the revision that they went
-- with.
CREATE INDEX contacts_by_revision ON contacts (owner, revision, id);

CREATE TABLE gone_contacts (
  owner BLOB NOT NULL,
  id BLOB NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (owner, id)
) WITHOUT ROWID;
CREATE INDEX gone_contacts_by_revision ON gone_contacts (owner, revision, id);
