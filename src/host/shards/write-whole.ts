/** A file gets its name when it is whole. */
import { renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Replaces `path`; only this account reads it. */
export function writeWhole(path: string, text: string): void {
  const partial = join(dirname(path), `.${basename(path)}.${process.pid}.partial`)
  writeFileSync(partial, text, { mode: 0o600 })
  renameSync(partial, path)
}
