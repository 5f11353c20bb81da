/** Acts of a host on exhibits: take a waiting one, and end or renew an attempt of its own. */
import { DEFINER } from './audit.ts'
import { LIVE } from './tables.ts'

const AT_WORK = `('${LIVE.join("', '")}')`

/** An exhibit due within two days precedes the others. */
export const URGENCY = 'GREATEST(e.priority, CASE WHEN e.due_by <= current_date + 2 THEN 50 ELSE 0 END)'

const CLAIMABLE = `e.state = 'waiting' AND NOT e.held AND e.not_before <= now() AND e.min_memory_gb <= memory_gb
  AND (e.prefer_host IS NULL OR e.prefer_host = me OR e.prefer_until < now())
  AND NOT EXISTS (SELECT FROM lab.misfit m WHERE m.exhibit = e.id AND m.host = me AND m.utc >= e.asked)`

/** Seconds until the next attempt after a failure: one, five, thirty minutes. */
const BACK_OFF_S = [60, 300, 1800]
/** A program that ends with a bug twice is left to a person. */
const MOST_FAILURES = 2

export const WORK = `
CREATE OR REPLACE FUNCTION lab.claim(memory_gb int, lease_ms int, grace_ms int) RETURNS jsonb
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
  lasts int := greatest(2000, least(lease_ms, 3600000));
  taken lab.exhibit;
  a lab.attempt;
BEGIN
  IF EXISTS (SELECT FROM lab.host WHERE name = me AND drained AND (drained_until IS NULL OR drained_until > now())) THEN RETURN NULL; END IF;
  SELECT * INTO taken FROM lab.exhibit e WHERE ${CLAIMABLE} ORDER BY ${URGENCY} DESC, e.id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF taken.id IS NULL THEN RETURN NULL; END IF;
  INSERT INTO lab.attempt (exhibit, n, host, state, lease, lease_ms, grace_ms)
    SELECT taken.id, coalesce(max(t.n), 0) + 1, me, 'claimed', now() + lasts * interval '1 ms', lasts, greatest(0, claim.grace_ms)
      FROM lab.attempt t WHERE t.exhibit = taken.id
    RETURNING * INTO a;
  UPDATE lab.exhibit SET state = 'claimed', prefer_host = NULL, prefer_until = NULL WHERE id = taken.id;
  PERFORM lab.note('claimed', jsonb_build_object('id', taken.id, 'fence', a.fence, 'attempt', a.id, 'n', a.n, 'host', me)::text);
  RETURN (SELECT jsonb_build_object('lab', (SELECT id FROM lab.about), 'attempt', a.id, 'fence', a.fence::text, 'id', e.id::text,
    'n', a.n, 'caseId', e.case_id, 'exhibit', e.name, 'priority', ${URGENCY}, 'orderDigest', e.order_digest,
    'manifest', (SELECT m.text FROM lab.manifest m WHERE m.sha256 = e.manifest)) FROM lab.exhibit e WHERE e.id = taken.id);
END $$;

-- Of an exhibit that waits for room: more urgent than anything that runs there. It is kept for this host, a minute at most.
CREATE OR REPLACE FUNCTION lab.call_urgent(memory_gb int, above int) RETURNS boolean
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
BEGIN
  UPDATE lab.exhibit SET prefer_host = me, prefer_until = now() + interval '1 minute' WHERE id = (
    SELECT e.id FROM lab.exhibit e WHERE ${CLAIMABLE} AND e.prefer_host IS NULL AND e.priority >= 100 AND e.priority > above
      AND e.asked < now() - interval '1 second'
    ORDER BY e.priority DESC, e.id LIMIT 1 FOR UPDATE OF e SKIP LOCKED);
  RETURN FOUND;
END $$;

-- Null: another attempt was begun, or this one is no longer awaited.
CREATE OR REPLACE FUNCTION lab.renew(which uuid, made jsonb) RETURNS jsonb
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
  a lab.attempt;
BEGIN
  UPDATE lab.attempt SET lease = now() + lease_ms * interval '1 ms', progress = CASE WHEN length(made::text) < 4000 THEN made END
    WHERE id = which AND host = me AND state IN ${AT_WORK} RETURNING * INTO a;
  RETURN CASE WHEN a.id IS NULL THEN NULL ELSE jsonb_build_object('wanted', a.wanted) END;
END $$;

CREATE OR REPLACE FUNCTION lab.set_state(which uuid, next text) RETURNS boolean
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
BEGIN
  IF next NOT IN ('scanning', 'collecting') THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = format('%s is no state that a host gives to an attempt', next);
  END IF;
  UPDATE lab.attempt SET state = next WHERE id = which AND host = me AND state IN ${AT_WORK};
  RETURN FOUND;
END $$;

-- Attempts whose lease is over: their exhibit waits for that host until its grace is over, then for any. Right after the database
-- started no host could renew, so none is taken for lost before each had the time to.
CREATE OR REPLACE FUNCTION lab.reap() RETURNS int
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
  a lab.attempt;
  lost int := 0;
BEGIN
  FOR a IN UPDATE lab.attempt SET state = 'lost', ended = now(), code = 'lost', message = 'its host did not renew it'
    WHERE fence IN (SELECT fence FROM lab.attempt WHERE state IN ${AT_WORK} AND lease < now()
      AND pg_postmaster_start_time() + lease_ms * interval '1 ms' < now() FOR UPDATE SKIP LOCKED)
    RETURNING *
  LOOP
    UPDATE lab.exhibit SET state = 'waiting', prefer_host = a.host, prefer_until = now() + a.grace_ms * interval '1 ms'
      WHERE id = a.exhibit AND state = 'claimed';
    PERFORM lab.note('lost', jsonb_build_object('id', a.exhibit, 'fence', a.fence, 'attempt', a.id, 'host', a.host)::text);
    lost := lost + 1;
  END LOOP;
  RETURN lost;
END $$;

-- Ends an attempt that has no result. What was lost meanwhile was put back by the host that found it so.
CREATE OR REPLACE FUNCTION lab.give_back(which uuid, ends text, why_code text, why text) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
  a lab.attempt;
  made int;
  next text := ends;
  after_s int := 0;
  kept boolean := false;
BEGIN
  IF ends NOT IN ('paused', 'try-again', 'needs-person', 'failed') THEN
    RAISE EXCEPTION USING ERRCODE = 'LB010', MESSAGE = format('%s is no end of an attempt without a result', ends);
  END IF;
  SELECT tries INTO made FROM lab.exhibit WHERE id = (SELECT exhibit FROM lab.attempt WHERE id = which AND host = me) FOR UPDATE;
  SELECT * INTO a FROM lab.attempt WHERE id = which AND host = me AND state IN ${AT_WORK};
  IF a.id IS NULL THEN RETURN; END IF;
  IF a.wanted = 'cancel' THEN next := 'cancelled'; END IF;
  UPDATE lab.attempt SET state = next, ended = now(), code = left(why_code, 100), message = left(why, 2000) WHERE id = which;
  PERFORM lab.note(next, jsonb_build_object('id', a.exhibit, 'fence', a.fence, 'attempt', a.id, 'host', me, 'code', why_code)::text);
  IF next = 'paused' THEN
    next := 'waiting'; kept := true;
  ELSIF next = 'try-again' THEN
    next := 'waiting'; after_s := (ARRAY[${BACK_OFF_S.join(', ')}])[least(made, ${BACK_OFF_S.length - 1}) + 1]; made := made + 1;
  ELSIF next = 'failed' AND made + 1 < ${MOST_FAILURES} THEN
    next := 'waiting'; after_s := 5; kept := true; made := made + 1;
  ELSE
    made := made + 1;
  END IF;
  UPDATE lab.exhibit SET state = next, tries = made, not_before = now() + after_s * interval '1 s',
    prefer_host = CASE WHEN kept THEN me END, prefer_until = now() + a.grace_ms * interval '1 ms'
    WHERE id = a.exhibit AND state = 'claimed';
END $$;

-- An exhibit that this host cannot take waits for others.
CREATE OR REPLACE FUNCTION lab.refuse(which uuid, why_not text) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
  a lab.attempt;
BEGIN
  UPDATE lab.attempt SET state = 'try-again', ended = now(), code = 'out-of-step', message = left(why_not, 2000)
    WHERE id = which AND host = me AND state IN ${AT_WORK} RETURNING * INTO a;
  IF a.id IS NULL THEN RETURN; END IF;
  INSERT INTO lab.misfit (exhibit, host, why) VALUES (a.exhibit, me, left(why_not, 2000))
    ON CONFLICT (exhibit, host) DO UPDATE SET why = excluded.why, utc = now();
  UPDATE lab.exhibit SET state = 'waiting' WHERE id = a.exhibit AND state = 'claimed';
  PERFORM lab.note('out-of-step', jsonb_build_object('id', a.exhibit, 'fence', a.fence, 'attempt', a.id, 'host', me)::text);
END $$;
`
