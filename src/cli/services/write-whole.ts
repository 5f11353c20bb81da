/** Writes outputs of commands under a temporary name first, so that a file with the final name is complete. */
import { createWriteStream, existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { UsageError } from '../../base/errors.ts'
import type { ExaminationFacts } from '../../contracts/ledger-reader.ts'
import { isInside } from '../../source/mount/exhibit.ts'

/**
 * @throws UsageError for a forbidden target: an existing file without permission, a folder or a device, or any path on
 * the exhibit
 */
export function refuseOutput(out: string, ledgers: readonly ExaminationFacts[], overwrite: boolean): void {
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

/** @throws the error of the stream or of `write`; no file remains then */
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

/** Writes all files or no file, except for a failure between two renames. @throws as above */
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
