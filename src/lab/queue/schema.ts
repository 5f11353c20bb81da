/**
 * The laboratory's record in PostgreSQL. Nothing is ever deleted; what changes is the state of an exhibit, of an attempt and of a
 * host. No name of anything on an exhibit is here: counts, digests and ids.
 */

import { ROLES } from './roles.ts'

/** Raised by every change of the tables. */
export const SCHEMA_VERSION = 1

/** An attempt in one of these is at work. */
export const LIVE = ['claimed', 'scanning', 'collecting'] as const

export const EXHIBIT_STATES = [
  'waiting',
  'claimed',
  'finished',
  'needs-person',
  'failed',
  'cancelled',
] as const
export type ExhibitState = (typeof EXHIBIT_STATES)[number]

const words = (all: readonly string[]) => all.map((word) => `'${word}'`).join(', ')

export const SCHEMA = `
CREATE SCHEMA lab;
CREATE TABLE lab.about (version int NOT NULL);
INSERT INTO lab.about VALUES (${SCHEMA_VERSION});

CREATE TABLE lab.manifest (
  sha256 text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  text text NOT NULL,
  submitted_by text NOT NULL DEFAULT session_user,
  utc timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE lab.exhibit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id text NOT NULL,
  name text NOT NULL,
  manifest text NOT NULL REFERENCES lab.manifest,
  order_digest text NOT NULL,
  priority int NOT NULL,
  due_by date,
  min_memory_gb int NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN (${words(EXHIBIT_STATES)})),
  held boolean NOT NULL DEFAULT false,
  tries int NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL DEFAULT now(),
  prefer_host text,
  prefer_until timestamptz,
  asked timestamptz NOT NULL DEFAULT now(),
  submitted timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX exhibit_once ON lab.exhibit (case_id, name, order_digest) WHERE state <> 'cancelled';
CREATE INDEX exhibit_waiting ON lab.exhibit (priority DESC, id) WHERE state = 'waiting';

CREATE SEQUENCE lab.fence;
CREATE TABLE lab.attempt (
  fence bigint PRIMARY KEY DEFAULT nextval('lab.fence'),
  exhibit bigint NOT NULL REFERENCES lab.exhibit,
  n int NOT NULL,
  host text NOT NULL,
  state text NOT NULL CHECK (state IN (${words([...LIVE, 'finished', 'paused', 'lost', 'try-again', 'needs-person', 'failed', 'cancelled'])})),
  lease timestamptz NOT NULL,
  started timestamptz NOT NULL DEFAULT now(),
  ended timestamptz,
  wanted text CHECK (wanted IN ('pause', 'cancel')),
  code text,
  message text,
  progress jsonb,
  UNIQUE (exhibit, n)
);
CREATE INDEX attempt_live ON lab.attempt (lease) WHERE state IN (${words(LIVE)});

CREATE TABLE lab.outcome (
  fence bigint PRIMARY KEY REFERENCES lab.attempt,
  exit_code int NOT NULL,
  evidence_digest text NOT NULL,
  analysis_digest text NOT NULL,
  chain_head text NOT NULL,
  ledger_sha256 text NOT NULL,
  ledger_path text NOT NULL,
  counts jsonb NOT NULL,
  signed text,
  signature text,
  superseded boolean NOT NULL DEFAULT false,
  utc timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE lab.seen (
  content_key bytea NOT NULL,
  exhibit bigint NOT NULL REFERENCES lab.exhibit,
  entries int NOT NULL,
  meaning text NOT NULL,
  PRIMARY KEY (content_key, exhibit)
);

-- Keys that more than one exhibit has: found when the second comes, so that nobody looks for them among millions.
CREATE TABLE lab.shared (content_key bytea PRIMARY KEY);

CREATE TABLE lab.host (
  name text PRIMARY KEY,
  login text NOT NULL DEFAULT session_user,
  cores int NOT NULL,
  memory_gb int NOT NULL,
  program text NOT NULL,
  public_key text,
  state text NOT NULL DEFAULT 'ready',
  free_bytes bigint NOT NULL DEFAULT 0,
  drained boolean NOT NULL DEFAULT false,
  drained_until timestamptz,
  heartbeat timestamptz NOT NULL DEFAULT now()
);

-- An exhibit that a host cannot take: a list or a profile differs, memory is too little.
CREATE TABLE lab.misfit (
  exhibit bigint NOT NULL REFERENCES lab.exhibit,
  host text NOT NULL,
  why text NOT NULL,
  utc timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (exhibit, host)
);

CREATE TABLE lab.audit (
  n bigint PRIMARY KEY,
  prev text NOT NULL,
  head text NOT NULL,
  utc text NOT NULL,
  who text NOT NULL,
  what text NOT NULL,
  detail text NOT NULL
);

-- The only way into the audit: one at a time, under the name of the login, each chained to the one before.
CREATE FUNCTION lab.note(what text, detail text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
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
REVOKE ALL ON FUNCTION lab.note(text, text) FROM PUBLIC;
`

/** Read by all; nobody but the owner deletes or changes a table. */
export const GRANTS = `
GRANT USAGE ON SCHEMA lab TO ${ROLES.submit}, ${ROLES.worker}, ${ROLES.reader};
GRANT SELECT ON ALL TABLES IN SCHEMA lab TO ${ROLES.submit}, ${ROLES.worker}, ${ROLES.reader};
GRANT EXECUTE ON FUNCTION lab.note(text, text) TO ${ROLES.submit}, ${ROLES.worker};
GRANT SELECT ON ALL SEQUENCES IN SCHEMA lab TO ${ROLES.reader};
GRANT INSERT (sha256, text) ON lab.manifest TO ${ROLES.submit};
GRANT INSERT (case_id, name, manifest, order_digest, priority, due_by, min_memory_gb) ON lab.exhibit TO ${ROLES.submit};
GRANT UPDATE (priority, state, held, tries, not_before, asked) ON lab.exhibit TO ${ROLES.submit};
GRANT UPDATE (wanted) ON lab.attempt TO ${ROLES.submit};
GRANT UPDATE (drained, drained_until) ON lab.host TO ${ROLES.submit};
GRANT UPDATE (state, tries, not_before, prefer_host, prefer_until) ON lab.exhibit TO ${ROLES.worker};
GRANT USAGE ON SEQUENCE lab.fence TO ${ROLES.worker};
GRANT INSERT (exhibit, n, host, state, lease) ON lab.attempt TO ${ROLES.worker};
GRANT UPDATE (state, lease, ended, code, message, progress, wanted) ON lab.attempt TO ${ROLES.worker};
GRANT INSERT ON lab.outcome, lab.seen, lab.shared TO ${ROLES.worker};
GRANT INSERT, UPDATE ON lab.host, lab.misfit TO ${ROLES.worker};
`
