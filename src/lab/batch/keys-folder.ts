/** Keys of a batch: a folder with one keys file for each locked exhibit. The files are read by the scans alone. */
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { OrderKeys } from '../scan/order.ts'

/** Of a keys file in JSON, and of one with a secret a line. */
const ENDINGS = ['.json', '.txt'] as const

/**
 * Other files of the folder may be what a keys file names (`"file": "stick.BEK"`), and are passed over.
 * @param folder holds `ID.json` or `ID.txt`
 * @returns by the id of the exhibit
 * @throws UsageError when the folder cannot be read, has no keys file, or has one of an exhibit that the manifest does not name
 */
export function keysIn(
  folder: string,
  { exhibits }: Pick<Manifest, 'exhibits'>,
  basis: string,
): ReadonlyMap<string, OrderKeys> {
  const ids = new Set(exhibits.map(({ id }) => id))
  const found = new Map<string, OrderKeys>()
  for (const name of namesIn(folder)) {
    const ending = ENDINGS.find((one) => name.endsWith(one))
    if (ending === undefined) continue
    const id = name.slice(0, -ending.length)
    if (!ids.has(id))
      throw new UsageError(
        `--keys ${printText(join(folder, name))}: the manifest names no exhibit ${printText(id)}. A keys file is named as its exhibit, ID.json or ID.txt. Nothing was begun.`,
        { code: 'keys-malformed' },
      )
    if (found.has(id))
      throw new UsageError(
        `--keys ${printText(folder)} holds two keys files of exhibit ${printText(id)}: keep one. Nothing was begun.`,
        { code: 'keys-malformed' },
      )
    found.set(id, { file: resolve(folder, name), basis })
  }
  if (found.size === 0)
    throw new UsageError(`--keys ${printText(folder)} holds no keys file ID.json or ID.txt.`, {
      code: 'keys-malformed',
    })
  return found
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    throw new UsageError(
      `--keys ${printText(folder)} could not be read as a folder (${(error as NodeJS.ErrnoException).code}).`,
      { code: 'keys-malformed' },
    )
  }
}
