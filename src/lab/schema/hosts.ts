/**
 * Hosts: login, certificate and name are one. A host has one machine, one running process, and one signing key at a
 * time.
 */
import { DEFINER } from './audit.ts'
import { fingerprintOf } from './upgrade.ts'

export const HOSTS = `
CREATE OR REPLACE FUNCTION lab.own_host() RETURNS text
LANGUAGE plpgsql STABLE ${DEFINER} AS $$
BEGIN
  PERFORM lab.require_here();
  IF NOT EXISTS (SELECT FROM lab.host WHERE name = session_user AND login = session_user) THEN
    RAISE EXCEPTION USING ERRCODE = 'LB002', MESSAGE = format('the laboratory knows no host %s', session_user);
  END IF;
  RETURN session_user;
END $$;

-- One process at a time has the name: a lock of its connection. worker: a word that the process made when it began, so that a
-- connection of its own that was cut off, and that the server has not given up yet, does not shut it out.
CREATE OR REPLACE FUNCTION lab.take_name(me text, given_machine text, given_worker text) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  known lab.host;
  key int := hashtext(me);
BEGIN
  SELECT * INTO known FROM lab.host WHERE name = me FOR UPDATE;
  IF known.machine IS NOT NULL AND known.machine <> given_machine THEN
    RAISE EXCEPTION USING ERRCODE = 'LB003',
      MESSAGE = format('another machine has the name %s in this laboratory: give this one a name and a certificate of its own, or, where it replaces that one, seized lab host %s --new-machine', me, me);
  END IF;
  IF EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 7303015 AND objid = key::oid AND pid = pg_backend_pid()
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) THEN RETURN;
  END IF;
  IF NOT pg_try_advisory_lock(7303015, key) AND known.worker IS DISTINCT FROM given_worker THEN
    RAISE EXCEPTION USING ERRCODE = 'LB004', MESSAGE = format('another process is at work under the name %s', me);
  END IF;
END $$;

-- The first key of a host is taken as it comes; every other one only from the key before it, or after a person withdrew that.
CREATE OR REPLACE FUNCTION lab.show_key(me text, given text) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  in_use lab.host_key;
  print text := ${fingerprintOf('given')};
BEGIN
  SELECT * INTO in_use FROM lab.host_key k WHERE k.host = me AND until IS NULL;
  IF in_use.fingerprint = print THEN RETURN; END IF;
  IF given IS NULL AND NOT EXISTS (SELECT FROM lab.host_key k WHERE k.host = me) THEN RETURN; END IF;
  IF given IS NULL OR in_use.fingerprint IS NOT NULL
    OR EXISTS (SELECT FROM lab.host_key k WHERE k.host = me AND k.fingerprint = print) THEN
    RAISE EXCEPTION USING ERRCODE = 'LB005',
      MESSAGE = format('the signing key of %s is not the one that the laboratory knows (%s): seized lab rotate-key, or, where that key is lost, seized lab host %s --withdraw-key',
        me, coalesce(left(in_use.fingerprint, 16), 'withdrawn'), me);
  END IF;
  INSERT INTO lab.host_key (host, fingerprint, public_key) VALUES (me, print, given);
  PERFORM lab.note('key-enrolled', jsonb_build_object('host', me, 'key', print)::text);
END $$;

CREATE OR REPLACE FUNCTION lab.present(me text, machine text, worker text, about jsonb, public_key text) RETURNS uuid
LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  PERFORM lab.require_here();
  IF me <> session_user THEN
    RAISE EXCEPTION USING ERRCODE = 'LB002',
      MESSAGE = format('this machine calls itself %s, and its login is %s: host, login and the name in the certificate are the same', me, session_user);
  END IF;
  PERFORM lab.take_name(me, machine, worker);
  PERFORM lab.show_key(me, public_key);
  INSERT INTO lab.host AS h (name, login, machine, worker, cores, memory_gb, program, public_key, state, free_bytes)
    VALUES (me, me, machine, worker, (about->>'cores')::int, (about->>'memoryGB')::int, left(about->>'program', 200), public_key,
      about->>'state', (about->>'freeBytes')::bigint)
    ON CONFLICT (name) DO UPDATE SET login = excluded.login, machine = excluded.machine, worker = excluded.worker,
      cores = excluded.cores, memory_gb = excluded.memory_gb, program = excluded.program, public_key = excluded.public_key,
      state = excluded.state, free_bytes = excluded.free_bytes, heartbeat = now();
  RETURN (SELECT id FROM lab.about);
END $$;

-- handover: what the key in use signed; its signature is compared by lab verify, which has the means.
CREATE OR REPLACE FUNCTION lab.rotate_key(given text, handover text, signature text, reason text) RETURNS text
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
  print text := ${fingerprintOf('given')};
  before text;
BEGIN
  SELECT fingerprint INTO before FROM lab.host_key WHERE host = me AND until IS NULL FOR UPDATE;
  IF before = print THEN RETURN print; END IF;
  IF before IS NULL OR EXISTS (SELECT FROM lab.host_key WHERE host = me AND fingerprint = print)
    OR (handover::jsonb)->>'host' IS DISTINCT FROM me OR (handover::jsonb)->>'to' IS DISTINCT FROM print
    OR (handover::jsonb)->>'from' IS DISTINCT FROM before THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = format('the key of %s cannot be followed by this one', me);
  END IF;
  UPDATE lab.host_key SET until = now() WHERE host = me AND fingerprint = before;
  INSERT INTO lab.host_key (host, fingerprint, public_key, handover, handover_signature) VALUES (me, print, given, handover, signature);
  UPDATE lab.host SET public_key = given WHERE name = me;
  PERFORM lab.note('key-rotated', jsonb_build_object('host', me, 'from', before, 'to', print, 'reason', reason)::text);
  RETURN print;
END $$;

CREATE OR REPLACE FUNCTION lab.withdraw_key(which text, reason text) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  print text;
BEGIN
  PERFORM lab.require_here();
  PERFORM lab.require_reason(reason);
  UPDATE lab.host_key SET until = now(), withdrawn = true WHERE host = which AND until IS NULL RETURNING fingerprint INTO print;
  IF print IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = format('There is no host %s with a signing key in use', which);
  END IF;
  PERFORM lab.note('key-withdrawn', jsonb_build_object('host', which, 'key', print, 'reason', reason)::text);
END $$;

CREATE OR REPLACE FUNCTION lab.new_machine(which text, reason text) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  PERFORM lab.require_here();
  PERFORM lab.require_reason(reason);
  UPDATE lab.host SET machine = NULL WHERE name = which;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = format('There is no host %s: seized lab status names them', which);
  END IF;
  PERFORM lab.note('new-machine', jsonb_build_object('host', which, 'reason', reason)::text);
END $$;

CREATE OR REPLACE FUNCTION lab.drain(which text, drain boolean, until_utc timestamptz) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  PERFORM lab.require_here();
  UPDATE lab.host SET drained = drain, drained_until = until_utc WHERE name = which;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = format('There is no host %s: seized lab status names them', which);
  END IF;
  PERFORM lab.note(CASE WHEN drain THEN 'drained' ELSE 'undrained' END,
    jsonb_strip_nulls(jsonb_build_object('host', which, 'until', until_utc))::text);
END $$;
`
