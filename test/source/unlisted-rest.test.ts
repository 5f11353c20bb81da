import { expect, it } from 'vitest'
import { bareEntry } from '../../src/base/bare-entry.ts'
import { filePath, printPath } from '../../src/base/evidence-path.ts'
import type { EvidencePath } from '../../src/contracts/entry.ts'
import type { WalkedEntry } from '../../src/contracts/ledger.ts'
import { notApplicable, notDone, type StageResult } from '../../src/contracts/stage.ts'
import { newOf } from '../../src/host/walker/unlisted-rest.ts'

const folder = (read: StageResult): WalkedEntry => ({
  entry: bareEntry({ path: filePath(Buffer.from('a')), kind: 'directory', sizeBytes: 0n, band: 0 }),
  read,
})
const listed =
  (...paths: readonly string[]) =>
  (path: EvidencePath) =>
    paths.includes(printPath(path))

it('a folder that was recorded, and hangs when it is walked again, leaves an entry for what was not listed', () => {
  const hangs = folder(notDone('read-stalled'))
  expect(newOf(hangs, listed())).toBe(hangs)
  const rest = newOf(hangs, listed('a'))
  expect(printPath(rest!.entry.path)).toBe('a » stream ')
  expect(rest!.read).toEqual(hangs.read)
  expect(newOf(hangs, listed('a', 'a » stream '))).toBeNull()
  expect(newOf(folder(notApplicable('directory')), listed('a'))).toBeNull()
})
