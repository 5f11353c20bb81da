/**
 * Books a result as the record of an exhibit. All booked values are read from the statement that the host signed.
 * The transaction that books it compares every name in the statement. A result that does not fit is kept aside.
 */
import { DEFINER } from './audit.ts'

const HEX = "!~ '^[0-9a-f]{64}$'"

export const BOOKING = `
-- Why a result cannot be booked; empty: it fits. told: the statement; a, e: attempt and exhibit that it names, as they stand here.
CREATE OR REPLACE FUNCTION lab.misfits_of(told jsonb, me text, a lab.attempt, e lab.exhibit, key text, is_signed boolean) RETURNS text
LANGUAGE sql STABLE ${DEFINER} AS $$
  SELECT coalesce(string_agg(why, '; '), '') FROM (VALUES
    (told->>'lab' IS DISTINCT FROM (SELECT id::text FROM lab.about),
      'it is of another laboratory, or of this one before its database was restored'),
    (a.id IS NULL, 'this laboratory has begun no such attempt'),
    (a.id IS NOT NULL AND a.host <> me, 'the attempt is held by ' || a.host),
    (told->>'host' IS DISTINCT FROM me, 'it names another host'),
    (a.id IS NOT NULL AND told->>'case' IS DISTINCT FROM e.case_id, 'the attempt is at an exhibit of case ' || e.case_id),
    (a.id IS NOT NULL AND told->>'exhibit' IS DISTINCT FROM e.name, 'the attempt is at exhibit ' || e.name),
    (a.id IS NOT NULL AND told->>'order' IS DISTINCT FROM e.order_digest, 'it was examined by another order'),
    (told->'own'->>'case' IS DISTINCT FROM told->>'case', 'its ledger is of another case'),
    (told->'own'->>'exhibit' IS DISTINCT FROM told->>'exhibit', 'its ledger is of another exhibit'),
    (told->'own'->>'evidence' IS DISTINCT FROM told->>'evidence' OR told->'own'->>'analysis' IS DISTINCT FROM told->>'analysis'
      OR told->'own'->>'head' IS DISTINCT FROM told->>'head', 'its ledger has other digests than its scan ended with'),
    (coalesce(told->>'evidence' ${HEX} OR told->>'analysis' ${HEX} OR told->>'head' ${HEX} OR told->>'ledger' ${HEX}, true),
      'a digest is missing'),
    (coalesce(told->>'exitCode', '') NOT IN ('0', '3', '10', '13'), 'its exit code is none of an examination'),
    (coalesce(jsonb_typeof(told->'counts'), '') <> 'object', 'it has no counts'),
    (NOT is_signed AND EXISTS (SELECT FROM lab.host_key k WHERE k.host = me), 'it is not signed, and its host signs'),
    (is_signed AND NOT EXISTS (SELECT FROM lab.host_key k WHERE k.host = me AND k.fingerprint = key AND NOT k.withdrawn
      AND (k.until IS NULL OR k.until >= a.started)), 'it is signed by no key that its host had then')
  ) AS one (wrong, why) WHERE wrong
$$;

-- Kept once, however often it is brought.
CREATE OR REPLACE FUNCTION lab.put_aside(me text, reason text, given text) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  digest text := encode(sha256(convert_to(given, 'UTF8')), 'hex');
BEGIN
  INSERT INTO lab.aside (host, why, result, result_sha256) VALUES (me, left(reason, 2000), left(given, 20000), digest)
    ON CONFLICT (host, result_sha256) DO NOTHING;
  IF FOUND THEN
    PERFORM lab.note('set-aside', jsonb_build_object('host', me, 'result', digest, 'why', left(reason, 2000))::text);
  END IF;
END $$;

-- A result that its host cannot deliver: told, so that persons see it.
CREATE OR REPLACE FUNCTION lab.tell_aside(reason text, given text) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  PERFORM lab.put_aside(lab.own_host(), reason, given);
END $$;

-- The fence: a result counts while no newer attempt was begun and the exhibit still waits for one. Ends: finished, superseded
-- (kept beside the one that counts), aside (fits nothing here).
CREATE OR REPLACE FUNCTION lab.finish(signed_text text, signature text, key text, ledger_path text, basis text) RETURNS jsonb
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
  told jsonb;
  a lab.attempt;
  e lab.exhibit;
  known lab.outcome;
  why text;
  ends text;
BEGIN
  told := signed_text::jsonb;
  IF told->>'attempt' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
    SELECT x.* INTO e FROM lab.exhibit x JOIN lab.attempt t ON t.exhibit = x.id WHERE t.id = (told->>'attempt')::uuid FOR UPDATE OF x;
    SELECT * INTO a FROM lab.attempt WHERE id = (told->>'attempt')::uuid;
  END IF;
  SELECT * INTO known FROM lab.outcome WHERE fence = a.fence;
  -- Delivered before, and the answer was lost on the way.
  IF known.signed = signed_text AND a.host = me THEN
    RETURN jsonb_build_object('ends', CASE WHEN known.superseded THEN 'superseded' ELSE 'finished' END, 'again', true);
  END IF;
  why := lab.misfits_of(told, me, a, e, key, signature IS NOT NULL);
  IF why = '' AND known.fence IS NOT NULL THEN why := 'another result of this attempt was booked'; END IF;
  IF why <> '' THEN
    PERFORM lab.put_aside(me, why, signed_text);
    RETURN jsonb_build_object('ends', 'aside', 'why', why);
  END IF;
  ends := CASE WHEN a.fence = (SELECT max(fence) FROM lab.attempt WHERE exhibit = e.id) AND e.state IN ('claimed', 'waiting')
    THEN 'finished' ELSE 'superseded' END;
  INSERT INTO lab.outcome (fence, exhibit, exit_code, evidence_digest, analysis_digest, chain_head, ledger_sha256, ledger_path, counts,
      signed, signature, key, superseded, made_in)
    VALUES (a.fence, e.id, (told->>'exitCode')::int, told->>'evidence', told->>'analysis', told->>'head', told->>'ledger',
      finish.ledger_path, told->'counts', signed_text, finish.signature, CASE WHEN finish.signature IS NOT NULL THEN finish.key END,
      ends = 'superseded', pg_current_xact_id());
  PERFORM lab.note(ends, jsonb_strip_nulls(jsonb_build_object('id', e.id, 'fence', a.fence, 'attempt', a.id, 'case', e.case_id,
    'exhibit', e.name, 'exitCode', (told->>'exitCode')::int, 'evidence', told->>'evidence', 'ledger', told->>'ledger', 'image', told->>'image',
    'everyContentComparedUnder', basis))::text);
  IF ends = 'finished' THEN
    UPDATE lab.attempt SET state = 'finished', ended = now(), code = NULL, message = left(told->>'message', 2000)
      WHERE fence = a.fence;
    UPDATE lab.exhibit SET state = 'finished' WHERE id = e.id;
  END IF;
  RETURN jsonb_build_object('ends', ends);
END $$;

-- Contents of a result, in the transaction that booked it and in no other.
CREATE OR REPLACE FUNCTION lab.add_seen(which uuid, keys bytea[], entries int[], meanings text[]) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
  o lab.outcome;
BEGIN
  SELECT x.* INTO o FROM lab.outcome x JOIN lab.attempt a ON a.fence = x.fence
    WHERE a.id = which AND a.host = me AND NOT x.superseded AND x.made_in = pg_current_xact_id();
  IF o.fence IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = 'contents are added in the transaction that books their result';
  END IF;
  INSERT INTO lab.seen AS s (content_key, exhibit, entries, meaning, fence)
    SELECT u.k, o.exhibit, u.n, u.m, o.fence FROM unnest(keys, add_seen.entries, meanings) AS u(k, n, m)
    ON CONFLICT (content_key, exhibit) DO UPDATE SET entries = excluded.entries, meaning = excluded.meaning, fence = excluded.fence;
  INSERT INTO lab.shared SELECT u.k FROM unnest(keys) AS u(k)
    WHERE EXISTS (SELECT FROM lab.seen s WHERE s.content_key = u.k AND s.exhibit <> o.exhibit) ON CONFLICT DO NOTHING;
END $$;

-- A booked result that a person found wrong: kept, no longer counted; the exhibit waits for a person to say what comes next.
CREATE OR REPLACE FUNCTION lab.take_back(which text, reason text) RETURNS bigint
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  e lab.exhibit := lab.named(which);
  o lab.outcome;
BEGIN
  PERFORM lab.require_reason(reason);
  SELECT * INTO o FROM lab.outcome WHERE exhibit = e.id AND NOT superseded AND taken_back IS NULL FOR UPDATE;
  IF o.fence IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = format('%s is %s: it has no result to take back', which, e.state);
  END IF;
  UPDATE lab.outcome SET taken_back = now(), taken_back_why = reason WHERE fence = o.fence;
  -- Contents that were rolled up before version 2 name no attempt.
  UPDATE lab.seen SET fence = o.fence WHERE exhibit = e.id AND fence IS NULL;
  UPDATE lab.exhibit SET state = 'needs-person', prefer_host = NULL, prefer_until = NULL WHERE id = e.id;
  PERFORM lab.note('taken-back', jsonb_build_object('id', e.id, 'fence', o.fence, 'evidence', o.evidence_digest,
    'ledger', o.ledger_sha256, 'reason', reason)::text);
  RETURN e.id;
END $$;

CREATE OR REPLACE FUNCTION lab.settle(which bigint, reason text) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  PERFORM lab.require_here();
  PERFORM lab.require_reason(reason);
  UPDATE lab.aside SET settled = now(), settled_why = reason WHERE id = which AND settled IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = format('There is no result %s that waits aside: seized lab status names them', which);
  END IF;
  PERFORM lab.note('settled', jsonb_build_object('aside', which, 'reason', reason)::text);
END $$;
`
