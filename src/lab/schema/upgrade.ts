/**
 * Upgrades tables of version 1 to version 2 (to version 3: shards.ts): a laboratory, its attempts and its hosts' keys get names that no restore
 * repeats.
 */

/** Raised by every change of tables or functions that an older program cannot work with. */
export const SCHEMA_VERSION = 3

/** SHA-256 of a public key's SubjectPublicKeyInfo, lower-case hex. @param pem an SQL expression */
export const fingerprintOf = (pem: string): string =>
  `encode(sha256(decode(regexp_replace(${pem}, '-----[^-]+-----|\\s', '', 'g'), 'base64')), 'hex')`

export const UPGRADE_TO_2 = `
-- place: the server, database and table that this row was made in; a restored copy lies elsewhere, and is found by that.
ALTER TABLE lab.about ADD id uuid NOT NULL DEFAULT gen_random_uuid(), ADD since timestamptz NOT NULL DEFAULT now(), ADD place text;

ALTER TABLE lab.attempt ADD id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  ADD lease_ms int NOT NULL DEFAULT 120000, ADD grace_ms int NOT NULL DEFAULT 1800000;

ALTER TABLE lab.outcome ADD exhibit bigint REFERENCES lab.exhibit, ADD key text, ADD made_in xid8,
  ADD taken_back timestamptz, ADD taken_back_why text;
UPDATE lab.outcome o SET exhibit = a.exhibit FROM lab.attempt a WHERE a.fence = o.fence;
ALTER TABLE lab.outcome ALTER exhibit SET NOT NULL;
CREATE UNIQUE INDEX outcome_once ON lab.outcome (exhibit) WHERE NOT superseded AND taken_back IS NULL;

-- Out of sight of the daily status; nothing of it is deleted.
ALTER TABLE lab.exhibit ADD archived timestamptz;

-- Null: rolled up before version 2.
ALTER TABLE lab.seen ADD fence bigint;

ALTER TABLE lab.host ADD machine text, ADD worker text;

-- until null: in use. withdrawn: lost or stolen; a result that comes after that moment is not booked under it.
CREATE TABLE lab.host_key (
  host text NOT NULL,
  fingerprint text NOT NULL,
  public_key text NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  until timestamptz,
  withdrawn boolean NOT NULL DEFAULT false,
  -- What the key before it signed to hand over to this one; null: enrolled without one.
  handover text,
  handover_signature text,
  PRIMARY KEY (host, fingerprint)
);
CREATE UNIQUE INDEX host_key_in_use ON lab.host_key (host) WHERE until IS NULL;
INSERT INTO lab.host_key (host, fingerprint, public_key, since)
  SELECT name, ${fingerprintOf('public_key')}, public_key, '-infinity' FROM lab.host WHERE public_key IS NOT NULL;

-- Results that fit nothing here: kept, shown as ALARM until a person has settled them, never booked.
CREATE TABLE lab.aside (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  utc timestamptz NOT NULL DEFAULT now(),
  host text NOT NULL,
  why text NOT NULL,
  result text NOT NULL,
  result_sha256 text NOT NULL,
  settled timestamptz,
  settled_why text,
  UNIQUE (host, result_sha256)
);

UPDATE lab.about SET version = 2;
`
