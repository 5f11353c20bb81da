/**
 * Shards of an exhibit at work: its host offers them, other hosts take and answer them. Transport alone: the scan checks each answer, and
 * texts are dropped when a shard ends.
 */
import { DEFINER } from './audit.ts'
import { LIVE } from './tables.ts'

const AT_WORK = `('${LIVE.join("', '")}')`
/** 500 contents with long lists of runs; answers are larger (wire/look-shard.ts). */
const SHARD_CHARACTERS = 32 << 20
const BUNDLE_CHARACTERS = 64 << 20

export const UPGRADE_TO_3 = `
CREATE TABLE lab.shard (
  attempt uuid NOT NULL REFERENCES lab.attempt (id),
  name text NOT NULL CHECK (name ~ '^[0-9a-f]{32}-[0-9]{1,9}$'),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'answered', 'ended')),
  host text,
  lease timestamptz,
  -- Hosts of another class, plan or image.
  refused text[] NOT NULL DEFAULT '{}',
  text text,
  bundle text,
  utc timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (attempt, name)
);
CREATE INDEX shard_open ON lab.shard (utc) WHERE state <> 'ended';
UPDATE lab.about SET version = 3;
`

export const SHARDS = `
CREATE OR REPLACE FUNCTION lab.offer_shard(which uuid, called text, given text) RETURNS boolean
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
BEGIN
  IF length(given) > ${SHARD_CHARACTERS} OR NOT EXISTS (SELECT FROM lab.attempt WHERE id = which AND host = me AND state IN ${AT_WORK}) THEN
    RETURN false;
  END IF;
  INSERT INTO lab.shard (attempt, name, text) VALUES (which, called, given) ON CONFLICT DO NOTHING;
  RETURN true;
END $$;

-- The oldest one that waits, or whose host is silent; none of this host's own.
CREATE OR REPLACE FUNCTION lab.take_shard(lease_ms int) RETURNS jsonb
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
  taken lab.shard;
BEGIN
  IF EXISTS (SELECT FROM lab.host WHERE name = me AND drained AND (drained_until IS NULL OR drained_until > now())) THEN RETURN NULL; END IF;
  -- Of attempts that are over: no scan waits for them.
  UPDATE lab.shard SET state = 'ended', text = NULL, bundle = NULL WHERE (attempt, name) IN (
    SELECT s.attempt, s.name FROM lab.shard s JOIN lab.attempt a ON a.id = s.attempt
      WHERE s.state <> 'ended' AND a.ended IS NOT NULL FOR UPDATE OF s SKIP LOCKED);
  SELECT s.* INTO taken FROM lab.shard s JOIN lab.attempt a ON a.id = s.attempt
    WHERE (s.state = 'waiting' OR s.state = 'taken' AND s.lease < now()) AND a.host <> me AND a.state IN ${AT_WORK}
      AND NOT me = ANY (s.refused)
    ORDER BY s.utc, s.name LIMIT 1 FOR UPDATE OF s SKIP LOCKED;
  IF taken.name IS NULL THEN RETURN NULL; END IF;
  UPDATE lab.shard SET state = 'taken', host = me, lease = now() + greatest(2000, least(lease_ms, 3600000)) * interval '1 ms'
    WHERE attempt = taken.attempt AND name = taken.name;
  RETURN jsonb_build_object('attempt', taken.attempt, 'name', taken.name, 'text', taken.text);
END $$;

-- False: the scan has ended it, or another host has it.
CREATE OR REPLACE FUNCTION lab.renew_shard(which uuid, called text, lease_ms int) RETURNS boolean
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
BEGIN
  UPDATE lab.shard SET lease = now() + greatest(2000, least(lease_ms, 3600000)) * interval '1 ms'
    WHERE attempt = which AND name = called AND host = me AND state = 'taken';
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION lab.answer_shard(which uuid, called text, given text) RETURNS boolean
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
BEGIN
  IF length(given) > ${BUNDLE_CHARACTERS} THEN RETURN false; END IF;
  UPDATE lab.shard SET state = 'answered', bundle = given, text = NULL
    WHERE attempt = which AND name = called AND host = me AND state = 'taken';
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM lab.note('shard-answered', jsonb_build_object('attempt', which, 'shard', called, 'host', me,
    'bundle', encode(sha256(convert_to(given, 'UTF8')), 'hex'))::text);
  RETURN true;
END $$;

-- cannot: this host has another program, plan or image, and is not asked again.
CREATE OR REPLACE FUNCTION lab.return_shard(which uuid, called text, cannot boolean) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
BEGIN
  UPDATE lab.shard SET state = 'waiting', host = NULL, lease = NULL, refused = CASE WHEN cannot THEN refused || me ELSE refused END
    WHERE attempt = which AND name = called AND host = me AND state = 'taken';
END $$;

-- By the host of the scan, which has merged it or examines its contents itself.
CREATE OR REPLACE FUNCTION lab.end_shard(which uuid, called text) RETURNS void
LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  me text := lab.own_host();
BEGIN
  UPDATE lab.shard s SET state = 'ended', text = NULL, bundle = NULL
    FROM lab.attempt a WHERE a.id = s.attempt AND s.attempt = which AND s.name = called AND a.host = me;
END $$;
`
