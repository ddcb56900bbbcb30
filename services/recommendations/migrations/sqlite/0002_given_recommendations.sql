-- In clear stand the HMACs of the owner and of the recommendation's id, and the day on which it was first given; all
-- else is sealed.
CREATE TABLE given_recommendations (
  owner BLOB NOT NULL,
  id BLOB NOT NULL,
  day INTEGER NOT NULL, -- since 1970-01-01, UTC
  sealed BLOB NOT NULL,
  PRIMARY KEY (owner, id)
) WITHOUT ROWID;

CREATE INDEX given_recommendations_by_day ON given_recommendations (owner, day);
