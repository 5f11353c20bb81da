/**
 * The laboratory's tables in PostgreSQL, as version 1 (seized 0.2) created them; `upgrade.ts` changes them, so that new
 * and older laboratories get the same tables.
 * Rows are never deleted; the state of an exhibit, an attempt or a host changes. They contain counts, digests and ids,
 * and no name from an exhibit.
 */

/** States of a running attempt. */
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

export const TABLES = `
CREATE SCHEMA lab;
CREATE TABLE lab.about (version int NOT NULL);
INSERT INTO lab.about VALUES (1);

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
`
