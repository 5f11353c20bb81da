/**
 * The laboratory's record: the roll-up of an exhibit of a million contents, and what is shared among ten million rows, in a
 * PostgreSQL that this starts. `npm run bench -- lab [contents] [rows]`. The peer is the same question asked of the rows without
 * what is kept for it: keys that occur more than once, grouped.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeReviewLedger } from '../fixtures/ledgers/review.ts'
import { hasPostgres, Postgres } from '../fixtures/postgres.ts'
import { Database } from '../src/lab/queue/database.ts'
import { finish, type Result, signedText } from '../src/lab/queue/finish.ts'
import { initLab } from '../src/lab/queue/init.ts'
import { linksOf } from '../src/lab/queue/links.ts'
import { seenIn } from '../src/lab/work/seen.ts'
import { multiply } from './review.ts'

const WRITTEN = 20_000
const ROLL_UP_LIMIT_SECONDS = 60
const LINKS_LIMIT_SECONDS = 2
const SHARED = 20_000

export async function run(args: readonly string[]): Promise<void> {
  if (!hasPostgres) return console.log('PostgreSQL is not installed: not measured.')
  const [contents, rows] = [Number(args[0] ?? 1_000_000), Number(args[1] ?? 10_000_000)]
  const folder = join(tmpdir(), 'seized-bench-lab')
  mkdirSync(folder, { recursive: true })
  const ledger = join(folder, `${contents}.sqlite`)
  if (!existsSync(ledger)) {
    makeReviewLedger({ path: ledger, contents: Math.min(WRITTEN, contents), stackOf: 4, seal: false })
    if (contents > WRITTEN) multiply(ledger, Math.round(contents / WRITTEN))
  }
  const postgres = await Postgres.make()
  const database = await Database.of({
    ...{ database: postgres.url(), caFile: null, certFile: null, keyFile: null, passwordFile: null },
  })
  try {
    await initLab(database, [])
    fill(postgres, rows)
    const startMs = performance.now()
    const seen = seenIn(ledger, Buffer.alloc(32, 7), true)
    const keyedMs = performance.now() - startMs
    await finish(database, { ...(await result(database)), seen })
    says(
      `roll-up of ${seen.length} contents (${seconds(keyedMs)} of it keys)`,
      startMs,
      ROLL_UP_LIMIT_SECONDS,
    )
    await database.rows('ANALYZE')
    for (const caseId of ['case-2', null]) {
      const askedMs = performance.now()
      const links = await linksOf(database, caseId)
      says(
        `${links.length} links ${caseId === null ? 'of all cases' : 'of one case'} among ${rows} rows`,
        askedMs,
        LINKS_LIMIT_SECONDS,
      )
    }
    const groupedMs = performance.now()
    postgres.sql(
      'SELECT count(*) FROM (SELECT content_key FROM lab.seen GROUP BY content_key HAVING count(*) > 1) g',
    )
    console.log(`grouping all rows instead: ${seconds(performance.now() - groupedMs)}`)
  } finally {
    await database.close()
    await postgres.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

const EXHIBITS = 50

/** Exhibits of ten cases that were rolled up before, and one at work; of the keys some are on two exhibits. */
function fill(postgres: Postgres, rows: number): void {
  const each = Math.round(rows / EXHIBITS)
  const made = postgres.sql(`
    INSERT INTO lab.manifest (sha256, text) VALUES (repeat('0', 64), '{}');
    INSERT INTO lab.exhibit (case_id, name, manifest, order_digest, priority, state)
      SELECT 'case-' || i % 10, 'E' || i, repeat('0', 64), i, 0, CASE i WHEN 1 THEN 'claimed' ELSE 'finished' END
      FROM generate_series(1, ${EXHIBITS + 1}) i;
    INSERT INTO lab.attempt (exhibit, n, host, state, lease) VALUES (1, 1, 'lab', 'scanning', now());
    INSERT INTO lab.host (name, login, cores, memory_gb, program) VALUES ('lab', 'lab', 1, 1, '');
    INSERT INTO lab.seen (content_key, exhibit, entries, meaning) SELECT sha256(int8send(i % (${EXHIBITS * each - SHARED}))), 2 + i / ${each}, 1, 'content'
      FROM generate_series(0::int8, ${EXHIBITS * each - 1}) i;
    INSERT INTO lab.shared SELECT sha256(int8send(i)) FROM generate_series(0::int8, ${SHARED - 1}) i;
    ANALYZE;`)
  if (made.status !== 0) throw new Error(made.error)
}

/** Of the attempt that {@link fill} began. */
async function result(database: Database): Promise<Omit<Result, 'seen'>> {
  const [row] = await database.rows<{ lab: string; attempt: string }>(
    'SELECT (SELECT id FROM lab.about) AS lab, id AS attempt FROM lab.attempt WHERE fence = 1',
  )
  const hex = '0'.repeat(64)
  const said = { evidence: hex, analysis: hex, head: hex }
  const about = { case: 'case-1', exhibit: 'E1' }
  const signed = signedText({
    ...{ statement: 2, ...row!, fence: '1', ...about, order: '1', host: 'lab', exitCode: 0, ...said },
    ...{ ledger: hex, counts: {}, image: null, incomplete: [], message: null, own: { ...about, ...said } },
  })
  return { signed, signature: null, key: null, ledgerPath: '', linksBasis: 'measured' }
}

function says(what: string, startMs: number, limitSeconds: number): void {
  const ms = performance.now() - startMs
  console.log(
    `${what}: ${seconds(ms)}, limit ${limitSeconds} s: ${ms <= limitSeconds * 1000 ? 'met' : 'MISSED'}`,
  )
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
