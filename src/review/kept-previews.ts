/**
 * Blurred previews of contents beside a ledger, for a review where the exhibit is not at hand (`scan --previews blurred`). A
 * file of their own, which may be deleted by itself; its SHA-256 stands in the custody log. None is kept unless asked for.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import Database from 'better-sqlite3'
import type { CustodyEvent } from '../contracts/custody.ts'
import type { ScreenLevel } from '../contracts/sight.ts'
import type { RevealedFrame } from '../host/decoder/reveal-request.ts'
import { MOST_SIDE } from '../wire/reveal.ts'
import { KeptFile } from './kept-file.ts'
import { previewsPath } from './previews-file.ts'
import type { ReviewSession } from './session.ts'
import type { MadeTile, TileKind, TileSource } from './tile-source.ts'

export const PREVIEWS_KEPT = 'previews-kept'

/** SHA-256 of the file as the custody log has it; null: none was kept. */
export function recordedPreviews(events: readonly CustodyEvent[]): string | null {
  return events.findLast(({ event }) => event === PREVIEWS_KEPT)?.detail.sha256 ?? null
}

export class PreviewWriter {
  readonly #file: KeptFile
  readonly #insert: Database.Statement

  constructor(ledgerPath: string) {
    this.#file = new KeptFile(
      previewsPath(ledgerPath),
      'CREATE TABLE preview (sha256 BLOB PRIMARY KEY, width INTEGER NOT NULL, height INTEGER NOT NULL, pixels BLOB NOT NULL) STRICT, WITHOUT ROWID',
    )
    this.#insert = this.#file.db.prepare('INSERT OR IGNORE INTO preview VALUES (?, ?, ?, ?)')
  }

  /** @param frame grey, blurred, without a mark: that is burnt in when it is shown */
  add(sha256: Buffer, { width, height, pixels }: RevealedFrame): void {
    this.#insert.run(sha256, width, height, deflateRawSync(pixels))
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
  readonly width: number
  readonly height: number
  readonly pixels: Buffer
}

export class KeptPreviews implements TileSource {
  readonly width = 4
  readonly #session: ReviewSession
  readonly #db: Database.Database
  readonly #row: Database.Statement<[Buffer], Row>

  /** @param path a file whose SHA-256 is that of the custody log: checked by the caller */
  constructor(session: ReviewSession, path: string) {
    this.#session = session
    this.#db = new Database(path, { readonly: true })
    this.#db.pragma('trusted_schema = OFF')
    this.#row = this.#db.prepare('SELECT width, height, pixels FROM preview WHERE sha256 = ?')
  }

  mostOf(): ScreenLevel {
    return 'blurred'
  }

  has(number: number): boolean {
    return this.#row.get(this.#session.catalogue.sha256Bytes(number)) !== undefined
  }

  costOf(): number {
    return 0
  }

  async make(number: number, { want }: TileKind): Promise<MadeTile> {
    const row = want === 'tile' ? this.#row.get(this.#session.catalogue.sha256Bytes(number)) : undefined
    if (!row) return { without: 'none' }
    const { width, height } = row
    if (width > MOST_SIDE || height > MOST_SIDE) return { without: 'none' }
    const size = width * height
    const pixels = inflateRawSync(row.pixels, { maxOutputLength: size })
    return pixels.length === size ? { frames: [{ width, height, pixels }] } : { without: 'none' }
  }

  makeAhead(): void {}

  async close(): Promise<void> {
    this.#db.close()
  }
}
