/** The audit, and the check that every act of a login makes first: is this the database that the login knows? */

/** Functions run as the owner of the database, with a search path that no other account's tables can enter. */
export const DEFINER = 'SECURITY DEFINER SET search_path = pg_catalog, pg_temp'

export const AUDIT = `
-- The only way into the audit, for the functions beside it: one at a time, under the name of the login, each chained to the one before.
CREATE OR REPLACE FUNCTION lab.note(what text, detail text) RETURNS bigint
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  before record;
  number bigint;
  at text := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
BEGIN
  PERFORM pg_advisory_xact_lock(7303014);
  SELECT n, head INTO before FROM lab.audit ORDER BY n DESC LIMIT 1;
  number := coalesce(before.n, 0) + 1;
  INSERT INTO lab.audit VALUES (
    number, coalesce(before.head, ''),
    encode(sha256(convert_to(concat_ws(E'\\n', coalesce(before.head, ''), number::text, at, session_user::text, what, detail), 'UTF8')), 'hex'),
    at, session_user::text, what, detail);
  RETURN number;
END $$;

CREATE OR REPLACE FUNCTION lab.place() RETURNS text
LANGUAGE sql STABLE ${DEFINER} AS $$
  SELECT concat_ws('.', (SELECT system_identifier FROM pg_control_system()), (SELECT timeline_id FROM pg_control_checkpoint()),
    (SELECT oid FROM pg_database WHERE datname = current_database()), 'lab.about'::regclass::oid)
$$;

CREATE OR REPLACE FUNCTION lab.require_here() RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  IF (SELECT place FROM lab.about) IS DISTINCT FROM lab.place() THEN
    RAISE EXCEPTION USING ERRCODE = 'LB001',
      MESSAGE = 'The database of the laboratory was restored or moved, and its owner has not said so yet: seized lab restored';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION lab.require_reason(reason text) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  IF coalesce(trim(reason), '') = '' THEN RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = 'each order needs a reason'; END IF;
END $$;

-- A new id, so that nothing that was begun before is taken for what is begun now; attempts at work then are over.
CREATE OR REPLACE FUNCTION lab.restored(reason text) RETURNS jsonb
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  before uuid := (SELECT id FROM lab.about);
  lost int;
BEGIN
  PERFORM lab.require_reason(reason);
  UPDATE lab.about SET id = gen_random_uuid(), since = now(), place = lab.place();
  UPDATE lab.exhibit e SET state = 'waiting', prefer_host = a.host, prefer_until = now() + a.grace_ms * interval '1 ms'
    FROM lab.attempt a WHERE a.exhibit = e.id AND a.ended IS NULL AND e.state = 'claimed';
  UPDATE lab.attempt SET state = 'lost', ended = now(), code = 'restored', message = 'the database was restored' WHERE ended IS NULL;
  GET DIAGNOSTICS lost = ROW_COUNT;
  PERFORM lab.note('restored', jsonb_build_object('from', before, 'to', (SELECT id FROM lab.about), 'lost', lost, 'reason', reason)::text);
  RETURN jsonb_build_object('lab', (SELECT id FROM lab.about), 'lost', lost);
END $$;
`
