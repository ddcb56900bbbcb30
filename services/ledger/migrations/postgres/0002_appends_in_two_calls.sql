-- An append takes two calls, each a statement and a transaction of its own: append_read gives what the appends of some
-- owners depend on, and append_write writes what was worked out from that, for those owners who have not changed since. No
-- lock is held between the two, so a program that freezes there holds nobody up.
--
-- Rows are given as arrays, one for each column; `…_owner` is the place of the row's owner in `owners`, from 1 on. A plan is
-- made once a connection, perhaps while a table is still empty, and must do when it is large: so no scans, and OFFSET 0
-- keeps each look-up one by its key.

-- `kind` says what a row is: 0 an owner's state, 1 an upcoming entry, 2 an entry by its request, 3 an entry by its sequence,
-- 4 a promise, 5 an event, 6 a tie, 7 a day of a tie. The state is read first, so that whatever changes after it shows in
-- append_write.
CREATE FUNCTION append_read(
  owners bytea[],
  request_owner int[], request bytea[],
  entry_owner int[], entry bigint[],
  promise_owner int[], promise bytea[],
  event_owner int[], event bytea[],
  tie_owner int[], tie bytea[],
  day_owner int[], day_contact bytea[], day bigint[]
) RETURNS TABLE (kind int, place int, key bytea, n1 bigint, n2 bigint, n3 bigint, n4 bigint,
                 b1 bytea, b2 bytea, b3 bytea, b4 bytea)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('council.owners', owners::text, true);
  RETURN QUERY
    SELECT 0, o.place::int, NULL::bytea, l.head_sequence, l.revision, l.erased, NULL::bigint,
           l.chain_id, l.head_hash, NULL::bytea, NULL::bytea
    FROM unnest(owners) WITH ORDINALITY AS o (owner, place)
    CROSS JOIN LATERAL (SELECT x.* FROM ledgers x WHERE x.owner = o.owner OFFSET 0) AS l;
  RETURN QUERY
    SELECT w.kind, w.place, w.key, e.sequence, e.record_time, e.corrected_by, e.revision, e.id, e.hash, e.sealed, p.hash
    FROM (
      SELECT 1 AS kind, o.place::int AS place, NULL::bytea AS key, u.sequence
      FROM unnest(owners) WITH ORDINALITY AS o (owner, place)
      CROSS JOIN LATERAL (SELECT x.sequence FROM upcoming x WHERE x.owner = o.owner OFFSET 0) AS u
      UNION ALL
      SELECT 2, n.place, n.request, r.sequence
      FROM unnest(request_owner, request) AS n (place, request)
      CROSS JOIN LATERAL (
        SELECT x.sequence FROM requests x WHERE x.owner = owners[n.place] AND x.request = n.request OFFSET 0) AS r
      UNION ALL
      SELECT 3, n.place, NULL, n.sequence
      FROM unnest(entry_owner, entry) AS n (place, sequence)
    ) AS w
    CROSS JOIN LATERAL (
      SELECT x.* FROM entries x WHERE x.owner = owners[w.place] AND x.sequence = w.sequence OFFSET 0) AS e
    LEFT JOIN LATERAL (
      SELECT x.hash FROM entries x WHERE x.owner = owners[w.place] AND x.sequence = w.sequence - 1 OFFSET 0) AS p ON TRUE;
  RETURN QUERY
    SELECT 4, n.place, n.promise, p.opened_by, p.closed_by, NULL::bigint, NULL::bigint,
           NULL::bytea, NULL::bytea, NULL::bytea, NULL::bytea
    FROM unnest(promise_owner, promise) AS n (place, promise)
    CROSS JOIN LATERAL (
      SELECT x.* FROM promises x WHERE x.owner = owners[n.place] AND x.promise = n.promise OFFSET 0) AS p
    UNION ALL
    SELECT 5, n.place, n.event, v.sequence, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM unnest(event_owner, event) AS n (place, event)
    CROSS JOIN LATERAL (
      SELECT x.sequence FROM events x WHERE x.owner = owners[n.place] AND x.event = n.event OFFSET 0) AS v
    UNION ALL
    SELECT 6, n.place, n.contact, NULL, NULL, NULL, NULL, t.sealed, NULL, NULL, NULL
    FROM unnest(tie_owner, tie) AS n (place, contact)
    CROSS JOIN LATERAL (
      SELECT x.sealed FROM ties x WHERE x.owner = owners[n.place] AND x.contact = n.contact OFFSET 0) AS t
    UNION ALL
    SELECT 7, n.place, n.contact, n.day, NULL, NULL, NULL, d.sealed, NULL, NULL, NULL
    FROM unnest(day_owner, day_contact, day) AS n (place, contact, day)
    CROSS JOIN LATERAL (
      SELECT x.sealed FROM tie_days x
      WHERE x.owner = owners[n.place] AND x.contact = n.contact AND x.day = n.day OFFSET 0) AS d;
END
$$;

-- Returns the places of the owners for whom nothing was written, since their ledger is not what it was when it was read:
-- `known_chain` (the new chain's id where there was none), `known_head`, `known_revision`.
CREATE FUNCTION append_write(
  owners bytea[], tenants bytea[], cache_tags bytea[],
  known_chain bytea[], known_head bigint[], known_revision bigint[],
  new_chain bytea[], new_head bigint[], new_hash bytea[], new_revision bigint[],
  entry_owner int[], entry bigint[], entry_id bytea[], entry_day bigint[], entry_record_time bigint[], entry_hash bytea[],
  entry_revision bigint[], entry_sealed bytea[],
  contact_owner int[], contact bytea[], contact_day bigint[], contact_entry bigint[],
  request_owner int[], request bytea[], request_entry bigint[],
  corrected_owner int[], corrected bigint[], correction bigint[],
  due_owner int[], due bigint[],
  upcoming_owner int[], upcoming_entry bigint[],
  promise_owner int[], promise bytea[], promise_opened bigint[], promise_closed bigint[],
  gone_owner int[], gone_promise bytea[],
  event_owner int[], event bytea[], event_uid bytea[], event_entry bigint[], event_sealed bytea[],
  rebuilt_owner int[], rebuilt bytea[],
  tie_owner int[], tie bytea[], tie_sealed bytea[],
  day_owner int[], day_contact bytea[], day bigint[], day_sealed bytea[]
) RETURNS TABLE (place int)
LANGUAGE plpgsql VOLATILE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
#variable_conflict use_column
DECLARE
  same int[];
BEGIN
  PERFORM set_config('council.owners', owners::text, true);
  -- In the order of owners, as their locks below: so that no two calls wait for each other.
  INSERT INTO ledgers (owner, tenant, chain_id, head_sequence, head_hash, revision)
    SELECT n.owner, n.tenant, n.chain, 0, '', 0
    FROM unnest(owners, tenants, known_chain, known_revision) AS n (owner, tenant, chain, revision)
    WHERE n.revision = 0 ORDER BY n.owner
    ON CONFLICT (owner) DO NOTHING;
  WITH locked AS MATERIALIZED (
    SELECT l.owner, l.chain_id, l.head_sequence, l.revision, l.erased FROM ledgers l
    WHERE l.owner = ANY (owners) ORDER BY l.owner FOR UPDATE
  )
  SELECT coalesce(array_agg(n.place::int), '{}') INTO same
  FROM unnest(owners, known_chain, known_head, known_revision) WITH ORDINALITY AS n (owner, chain, head, revision, place)
  JOIN locked l ON l.owner = n.owner
  WHERE l.chain_id = n.chain AND l.head_sequence = n.head AND l.revision = n.revision AND l.erased = 0;

  UPDATE ledgers l SET chain_id = n.chain, head_sequence = n.head, head_hash = n.hash, revision = n.revision
    FROM unnest(owners, new_chain, new_head, new_hash, new_revision) WITH ORDINALITY AS n (owner, chain, head, hash, revision, place)
    WHERE l.owner = n.owner AND n.place = ANY (same);
  INSERT INTO outbox AS o (owner, cache_tag, revision)
    SELECT n.owner, n.tag, n.revision
    FROM unnest(owners, cache_tags, new_revision) WITH ORDINALITY AS n (owner, tag, revision, place)
    WHERE n.place = ANY (same) ORDER BY n.owner
    ON CONFLICT (owner) DO UPDATE SET revision = excluded.revision, cache_tag = excluded.cache_tag;

  INSERT INTO entries (owner, sequence, id, day, record_time, hash, revision, sealed)
    SELECT owners[n.place], n.sequence, n.id, n.day, n.record_time, n.hash, n.revision, n.sealed
    FROM unnest(entry_owner, entry, entry_id, entry_day, entry_record_time, entry_hash, entry_revision, entry_sealed)
      AS n (place, sequence, id, day, record_time, hash, revision, sealed)
    WHERE n.place = ANY (same);
  INSERT INTO entry_contacts (owner, contact, day, sequence)
    SELECT owners[n.place], n.contact, n.day, n.sequence
    FROM unnest(contact_owner, contact, contact_day, contact_entry) AS n (place, contact, day, sequence)
    WHERE n.place = ANY (same);
  INSERT INTO requests (owner, request, sequence)
    SELECT owners[n.place], n.request, n.sequence
    FROM unnest(request_owner, request, request_entry) AS n (place, request, sequence)
    WHERE n.place = ANY (same);

  INSERT INTO ties AS t (owner, contact, sealed)
    SELECT owners[n.place], n.contact, n.sealed
    FROM unnest(tie_owner, tie, tie_sealed) AS n (place, contact, sealed)
    WHERE n.place = ANY (same)
    ON CONFLICT (owner, contact) DO UPDATE SET sealed = excluded.sealed;
  IF cardinality(rebuilt_owner) > 0 THEN
    DELETE FROM tie_days d USING unnest(rebuilt_owner, rebuilt) AS n (place, contact)
      WHERE d.owner = owners[n.place] AND d.contact = n.contact AND n.place = ANY (same);
  END IF;
  INSERT INTO tie_days AS d (owner, contact, day, sealed)
    SELECT owners[n.place], n.contact, n.day, n.sealed
    FROM unnest(day_owner, day_contact, day, day_sealed) AS n (place, contact, day, sealed)
    WHERE n.place = ANY (same)
    ON CONFLICT (owner, contact, day) DO UPDATE SET sealed = excluded.sealed;

  IF cardinality(corrected_owner) > 0 THEN
    UPDATE entries e SET corrected_by = n.correction
      FROM unnest(corrected_owner, corrected, correction) AS n (place, sequence, correction)
      WHERE e.owner = owners[n.place] AND e.sequence = n.sequence AND n.place = ANY (same);
  END IF;
  IF cardinality(due_owner) > 0 THEN
    DELETE FROM upcoming u USING unnest(due_owner, due) AS n (place, sequence)
      WHERE u.owner = owners[n.place] AND u.sequence = n.sequence AND n.place = ANY (same);
  END IF;
  IF cardinality(upcoming_owner) > 0 THEN
    INSERT INTO upcoming (owner, sequence)
      SELECT owners[n.place], n.sequence
      FROM unnest(upcoming_owner, upcoming_entry) AS n (place, sequence) WHERE n.place = ANY (same);
  END IF;
  IF cardinality(gone_owner) > 0 THEN
    DELETE FROM promises p USING unnest(gone_owner, gone_promise) AS n (place, promise)
      WHERE p.owner = owners[n.place] AND p.promise = n.promise AND n.place = ANY (same);
  END IF;
  IF cardinality(promise_owner) > 0 THEN
    INSERT INTO promises AS p (owner, promise, opened_by, closed_by)
      SELECT owners[n.place], n.promise, n.opened, nullif(n.closed, 0)
      FROM unnest(promise_owner, promise, promise_opened, promise_closed) AS n (place, promise, opened, closed)
      WHERE n.place = ANY (same)
      ON CONFLICT (owner, promise) DO UPDATE SET opened_by = excluded.opened_by, closed_by = excluded.closed_by;
  END IF;
  IF cardinality(event_owner) > 0 THEN
    INSERT INTO events AS v (owner, event, event_uid, sequence, sealed)
      SELECT owners[n.place], n.event, n.uid, n.sequence, n.sealed
      FROM unnest(event_owner, event, event_uid, event_entry, event_sealed) AS n (place, event, uid, sequence, sealed)
      WHERE n.place = ANY (same)
      ON CONFLICT (owner, event) DO UPDATE SET sequence = excluded.sequence, sealed = excluded.sealed;
  END IF;

  RETURN QUERY SELECT n.place::int FROM unnest(owners) WITH ORDINALITY AS n (owner, place) WHERE n.place <> ALL (same);
END
$$;

-- Locks owners until the transaction ends, which the server ends itself if the program does nothing in it for a second. For
-- owners whom several copies of the service change all the time.
CREATE FUNCTION lock_owners(owners bytea[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  SET LOCAL idle_in_transaction_session_timeout = '1s';
  PERFORM 1 FROM ledgers l WHERE l.owner = ANY (owners) ORDER BY l.owner FOR UPDATE;
END
$$;
