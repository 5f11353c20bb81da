/**
 * Artefact records (table `sign`) by the content that contains them, for comparing two ledgers. The timeline reads the
 * same rows in order of time.
 * rows in order of time.
 */
import type { Sign } from '../../contracts/record.ts'
import type { FindingRow } from '../../findings/finding-kind.ts'
import { signFromRow } from '../../findings/sign.ts'
import { reading } from '../format/database.ts'
import { openForReading, type ReadableDatabase } from '../format/open-readonly.ts'

export class ContentSigns {
  readonly #path: string
  readonly #file: ReadableDatabase
  /** Contents that contain records, by lower-case hex of their SHA-256. Few contents of a device do. */
  readonly #contents: ReadonlyMap<string, number>

  /** @throws LedgerDamaged */
  constructor(path: string) {
    this.#path = path
    this.#file = openForReading(path)
    this.#contents = reading(path, () => contentsWithSigns(this.#file))
  }

  /** True from format 4: digests in records are kept, whether a list contains them or not. */
  get keepsDigests(): boolean {
    return (this.#file.db.pragma('user_version', { simple: true }) as number) >= 4
  }

  /**
   * @param sha256 lower-case hex @returns records in the order of the ledger; empty for a content without records
   * @throws LedgerDamaged
   */
  of(sha256: string): readonly Sign[] {
    const content = this.#contents.get(sha256)
    if (content === undefined) return []
    return reading(this.#path, () =>
      this.#file.db
        .prepare('SELECT * FROM sign WHERE content = +? ORDER BY rowid')
        .safeIntegers()
        .all(content)
        .map((row) => signFromRow(row as FindingRow)),
    )
  }

  close(): void {
    this.#file.close()
  }
}

function contentsWithSigns({ db }: ReadableDatabase): ReadonlyMap<string, number> {
  const rows = db
    .prepare<[], { id: number; sha256: Buffer }>(
      'SELECT id, sha256 FROM content WHERE id IN (SELECT DISTINCT content FROM sign)',
    )
    .all()
  return new Map(rows.map(({ id, sha256 }) => [sha256.toString('hex'), id]))
}
