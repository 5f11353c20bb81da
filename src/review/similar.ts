/**
 * How similar unknown pictures of an exhibit look to its hits, in a file beside the ledger (`scan --similar-basis`). The file
 * holds, for each picture, the most similar listed content and a share; it holds no features. It may be deleted by itself:
 * its SHA-256 stands in the custody log, and an order without it puts no content first.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { UsageError } from '../base/errors.ts'
import { printText } from '../base/evidence-path.ts'
import type { CustodyEvent } from '../contracts/custody.ts'
import type { CustodyRecord, LedgerIdentity } from '../contracts/ledger-reader.ts'
import { KeptFile } from './kept-file.ts'
import { similarPath } from './similar-file.ts'

export const SIMILARITY_KEPT = 'similarity-kept'

export interface Similar {
  /** SHA-256 of the most similar listed content, lower-case hex. */
  readonly to: string
  /** Cosine of the features, parts per 10,000: an order, and no probability. */
  readonly per10k: number
}

export class SimilarWriter {
  readonly #file: KeptFile
  readonly #insert: Database.Statement

  constructor(ledgerPath: string) {
    this.#file = new KeptFile(
      similarPath(ledgerPath),
      'CREATE TABLE similar (sha256 BLOB PRIMARY KEY, nearest BLOB NOT NULL, per_10k INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    )
    this.#insert = this.#file.db.prepare('INSERT OR IGNORE INTO similar VALUES (?, ?, ?)')
  }

  add(sha256: Buffer, { to, per10k }: Similar): void {
    this.#insert.run(sha256, Buffer.from(to, 'hex'), per10k)
  }

  /** @returns path of the file, whole */
  finish(): string {
    return this.#file.finish()
  }

  /** Nothing is kept. */
  discard(): void {
    this.#file.discard()
  }
}

interface Row {
  readonly sha256: Buffer
  readonly nearest: Buffer
  readonly per_10k: number
}

/** A review asks for each view and each content: the file is read once. */
const ALREADY_READ = new WeakMap<SimilarLedger, ReadonlyMap<string, Similar>>()
type SimilarLedger = Pick<LedgerIdentity, 'path'> & Pick<CustodyRecord, 'custody'>

/**
 * By the SHA-256 of each picture; empty where no file was kept, or it was deleted.
 * @throws UsageError where the file is not the one of the custody log
 */
export function similarOf(ledger: SimilarLedger): ReadonlyMap<string, Similar> {
  const known = ALREADY_READ.get(ledger) ?? readSimilar(ledger.path, ledger.custody())
  ALREADY_READ.set(ledger, known)
  return known
}

function readSimilar(ledgerPath: string, events: readonly CustodyEvent[]): ReadonlyMap<string, Similar> {
  const path = similarPath(ledgerPath)
  const recorded = events.findLast(({ event }) => event === SIMILARITY_KEPT)?.detail.sha256
  if (recorded === undefined || !existsSync(path)) return new Map()
  if (createHash('sha256').update(readFileSync(path)).digest('hex') !== recorded)
    throw new UsageError(
      `${printText(path)} is not the one that was kept at the scan: its SHA-256 differs from the one in the custody log. Delete it; nothing else depends on it.`,
    )
  const db = new Database(path, { readonly: true })
  try {
    db.pragma('trusted_schema = OFF')
    const rows = db.prepare<[], Row>('SELECT sha256, nearest, per_10k FROM similar').all()
    return new Map(
      rows.map((row) => [
        row.sha256.toString('hex'),
        { to: row.nearest.toString('hex'), per10k: row.per_10k },
      ]),
    )
  } finally {
    db.close()
  }
}
