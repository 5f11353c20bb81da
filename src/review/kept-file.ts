/** A database beside a ledger that may be deleted by itself: it stands under its name only when it is whole. */
import { closeSync, openSync, renameSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'

export class KeptFile {
  readonly db: Database.Database
  readonly #path: string

  /** @param schema statement that makes its one table */
  constructor(path: string, schema: string) {
    this.#path = path
    rmSync(this.#partial, { force: true })
    // The database takes the mode of the file that it finds.
    closeSync(openSync(this.#partial, 'wx', 0o600))
    this.db = new Database(this.#partial)
    this.db.pragma('journal_mode = OFF')
    this.db.pragma('synchronous = OFF')
    this.db.exec(schema)
  }

  get #partial(): string {
    return `${this.#path}.partial`
  }

  /** @returns path of the file, whole */
  finish(): string {
    this.db.close()
    renameSync(this.#partial, this.#path)
    return this.#path
  }

  /** Nothing is kept. */
  discard(): void {
    this.db.close()
    rmSync(this.#partial, { force: true })
  }
}
