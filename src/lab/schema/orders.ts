/** Orders of persons: exhibits into the queue, first, later, not at all, again; each under the name of the login. */
import { DEFINER } from './audit.ts'

export const ORDERS = `
-- CASE/EXHIBIT, or its number; locked.
CREATE OR REPLACE FUNCTION lab.named(which text) RETURNS lab.exhibit
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  e lab.exhibit;
BEGIN
  PERFORM lab.require_here();
  IF position('/' IN which) = 0 THEN
    SELECT * INTO e FROM lab.exhibit WHERE id::text = which FOR UPDATE;
  ELSE
    SELECT * INTO e FROM lab.exhibit WHERE case_id = split_part(which, '/', 1) AND name = substr(which, position('/' IN which) + 1)
      ORDER BY state = 'cancelled', id DESC LIMIT 1 FOR UPDATE;
  END IF;
  IF e.id IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = format('There is no exhibit %s: name it as CASE/EXHIBIT, or by its number', which);
  END IF;
  RETURN e;
END $$;

CREATE OR REPLACE FUNCTION lab.order_exhibit(which text, kind text, word text, rank int, reason text) RETURNS bigint
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  e lab.exhibit := lab.named(which);
  refused text := CASE
    WHEN kind = 'priority' AND e.state NOT IN ('waiting', 'claimed') THEN 'it does not wait any more'
    WHEN kind = 'hold' AND e.state NOT IN ('waiting', 'claimed') THEN 'there is nothing to hold'
    WHEN kind = 'release' AND NOT e.held THEN 'it is not held'
    WHEN kind = 'cancel' AND e.state IN ('finished', 'cancelled') THEN 'there is nothing to cancel'
    WHEN kind = 'retry' AND e.state IN ('waiting', 'claimed', 'finished')
      THEN 'only what failed, needs a person or was cancelled is tried again' END;
BEGIN
  PERFORM lab.require_reason(reason);
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = format('%s is %s: %s', which, CASE WHEN e.held THEN 'held' ELSE e.state END, refused);
  END IF;
  CASE kind
    WHEN 'priority' THEN UPDATE lab.exhibit SET priority = rank, asked = now() WHERE id = e.id;
    WHEN 'hold' THEN UPDATE lab.exhibit SET held = true WHERE id = e.id;
    WHEN 'release' THEN UPDATE lab.exhibit SET held = false WHERE id = e.id;
    WHEN 'cancel' THEN UPDATE lab.exhibit SET state = 'cancelled' WHERE id = e.id;
    WHEN 'retry' THEN UPDATE lab.exhibit SET state = 'waiting', tries = 0, not_before = now(), asked = now() WHERE id = e.id;
  END CASE;
  -- An attempt that is at work on it is asked to end.
  IF kind IN ('hold', 'cancel') THEN
    UPDATE lab.attempt SET wanted = CASE kind WHEN 'hold' THEN 'pause' ELSE 'cancel' END WHERE exhibit = e.id AND ended IS NULL;
  END IF;
  PERFORM lab.note(kind, jsonb_strip_nulls(jsonb_build_object('id', e.id, 'priority', CASE kind WHEN 'priority' THEN word END, 'reason', reason))::text);
  RETURN e.id;
END $$;

-- What ended before that moment leaves the daily status; nothing is deleted, and verify asks of it as before.
CREATE OR REPLACE FUNCTION lab.archive(before timestamptz, reason text) RETURNS bigint
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  archived bigint;
BEGIN
  PERFORM lab.require_here();
  PERFORM lab.require_reason(reason);
  IF before > now() THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = 'what will end in future cannot be archived';
  END IF;
  UPDATE lab.exhibit e SET archived = now() WHERE e.archived IS NULL AND e.state IN ('finished', 'cancelled')
    AND coalesce((SELECT max(a.ended) FROM lab.attempt a WHERE a.exhibit = e.id), e.submitted) < before
    AND NOT EXISTS (SELECT FROM lab.attempt a WHERE a.exhibit = e.id AND a.ended IS NULL);
  GET DIAGNOSTICS archived = ROW_COUNT;
  PERFORM lab.note('archived', jsonb_build_object('before', before, 'exhibits', archived, 'reason', reason)::text);
  RETURN archived;
END $$;

-- All exhibits of a manifest, or none. Case, names, reasons and due dates are read from the manifest itself.
CREATE OR REPLACE FUNCTION lab.submit(manifest_sha256 text, manifest_text text, orders jsonb) RETURNS jsonb
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  told jsonb := manifest_text::jsonb;
  one jsonb;
  about jsonb;
  taken jsonb := '[]';
  earlier lab.exhibit;
  number bigint;
BEGIN
  PERFORM lab.require_here();
  IF manifest_sha256 <> encode(sha256(convert_to(manifest_text, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = 'the manifest has another SHA-256';
  END IF;
  INSERT INTO lab.manifest (sha256, text) VALUES (manifest_sha256, manifest_text) ON CONFLICT (sha256) DO NOTHING;
  FOR one IN SELECT * FROM jsonb_array_elements(orders) LOOP
    SELECT x INTO about FROM jsonb_array_elements(told->'exhibits') x WHERE x->>'id' = one->>'exhibit';
    IF about IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = format('the manifest names no exhibit %s', one->>'exhibit');
    END IF;
    number := NULL;
    INSERT INTO lab.exhibit (case_id, name, manifest, order_digest, priority, due_by, min_memory_gb)
      VALUES (told->>'case', about->>'id', manifest_sha256, one->>'digest', (one->>'priority')::int, (about->>'dueBy')::date,
        (one->>'minMemoryGB')::int)
      ON CONFLICT (case_id, name, order_digest) WHERE state <> 'cancelled' DO NOTHING RETURNING id INTO number;
    IF number IS NULL THEN
      SELECT * INTO earlier FROM lab.exhibit
        WHERE case_id = told->>'case' AND name = about->>'id' AND order_digest = one->>'digest' AND state <> 'cancelled';
      RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = format(
        'Exhibit %s of case %s was submitted already with the same order: it is number %s, %s. Nothing of this manifest was taken',
        about->>'id', told->>'case', earlier.id, earlier.state);
    END IF;
    PERFORM lab.note('submitted', jsonb_strip_nulls(jsonb_build_object('id', number, 'case', told->>'case', 'exhibit', about->>'id',
      'order', one->>'digest', 'manifest', manifest_sha256, 'priority', coalesce(about->>'priority', 'normal'),
      'reason', about->>'reason'))::text);
    taken := taken || jsonb_build_object('exhibit', about->>'id', 'id', number::text);
  END LOOP;
  RETURN taken;
END $$;
`
