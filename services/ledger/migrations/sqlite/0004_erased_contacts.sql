-- Contacts who were erased: random ids, by which an erasure that a restore undid is known.
CREATE TABLE erased_contacts (
  owner   BLOB NOT NULL,
  contact BLOB NOT NULL,
  PRIMARY KEY (owner, contact)
) STRICT, WITHOUT ROWID;
