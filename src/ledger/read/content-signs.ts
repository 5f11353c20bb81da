/**
 * Records of the device (table `sign`) by the content that they stand in, for comparing two ledgers. The timeline reads the same
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
  /** Contents that have one, by lower-case hex of their SHA-256: few of a device hold records. */
  readonly #contents: ReadonlyMap<string, number>

  /** @throws LedgerDamaged */
  constructor(path: string) {
    this.#path = path
    this.#file = openForReading(path)
    this.#contents = reading(path, () => contentsWithSigns(this.#file))
  }

  /** Format 4: digests of records are kept, whether a list names them or not. */
  get keepsDigests(): boolean {
    return (this.#file.db.pragma('user_version', { simple: true }) as number) >= 4
  }

  /** @param sha256 lower-case hex @returns in the order of the ledger; none for a content without @throws LedgerDamaged */
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
