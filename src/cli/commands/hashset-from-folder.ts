/**
 * `seized hashset from-folder`: makes a list of an agency's own files, with header hashes. The list contains neither
 * contents nor names.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { listOfFolder } from '../../match/index.ts'
import type { Given } from '../arguments/option.ts'
import type { HASHSET_FROM_FOLDER } from '../arguments/options-table.ts'

export function fromFolder(
  [folder = '']: readonly string[],
  given: Given<typeof HASHSET_FROM_FOLDER>,
): number {
  const target = resolve(given.out)
  const blocks = given.blocks === undefined ? null : resolve(given.blocks)
  for (const file of [target, blocks])
    if (file !== null && existsSync(file))
      throw new UsageError(`${file} exists: from-folder never overwrites.`)
  const made = listOfFolder(resolve(folder), target, blocks)
  process.stdout.write(
    `${target}\n${made.contents} contents, ${made.duplicates} duplicate files, SHA-256 ${made.sha256}\n`,
  )
  if (blocks !== null) process.stdout.write(`${blocks}\n${made.blocks} blocks of 4 KiB\n`)
  for (const { path, code } of made.unread) process.stdout.write(`NOT READ  ${printText(path)} (${code})\n`)
  return made.unread.length > 0 ? EXIT.incomplete : EXIT.complete
}
