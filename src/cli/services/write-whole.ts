/** Outputs of commands: under a temporary name first, so that a file which stands there is whole. */
import { createWriteStream, existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { UsageError } from '../../base/errors.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import { isInside } from '../../source/mount/exhibit.ts'

/** @throws UsageError when it would replace what it must not: a file unasked, a folder or a device ever, anything on the exhibit */
export function refuseOutput(out: string, ledgers: readonly LedgerReader[], overwrite: boolean): void {
  if (existsSync(out) && !statSync(out).isFile())
    throw new UsageError(
      `--out ${out} is no regular file, and a report does not replace it. Leave --out away to write to standard output.`,
    )
  if (existsSync(out) && !overwrite)
    throw new UsageError(`--out ${out} exists. Choose another name, or add --overwrite.`)
  for (const { exhibit } of ledgers)
    if (existsSync(exhibit.root) && isInside(exhibit.root, out))
      throw new UsageError(
        `--out ${out} lies inside the exhibit. Nothing is ever written there: choose another folder.`,
      )
}

/** @throws what the stream or `write` throws; nothing is left behind then */
export async function writeWhole(out: string, write: (stream: Writable) => Promise<void>): Promise<void> {
  const temporary = partial(out)
  const stream: Writable = createWriteStream(temporary, { flags: 'wx' })
  try {
    await write(stream)
    stream.end()
    await finished(stream)
    renameSync(temporary, out)
  } catch (error) {
    stream.destroy()
    rmSync(temporary, { force: true })
    throw error
  }
}

/** All of them or none, but for what happens between two renames. @throws as above */
export function writeAllWhole(files: readonly { readonly out: string; readonly bytes: Buffer }[]): void {
  try {
    for (const { out, bytes } of files) writeFileSync(partial(out), bytes, { flag: 'wx' })
    for (const { out } of files) renameSync(partial(out), out)
  } catch (error) {
    for (const { out } of files) rmSync(partial(out), { force: true })
    throw error
  }
}

function partial(out: string): string {
  return `${out}.partial-${process.pid}`
}
