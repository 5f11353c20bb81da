/** Issue 26 A6: what a lister counts and does not name is not complete, whatever else the listing says. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CASE, EXHIBIT, PLAN, TOOL } from '../../fixtures/ledgers/synthetic.ts'
import { bareEntry } from '../../src/base/bare-entry.ts'
import { volumePath } from '../../src/base/evidence-path.ts'
import { exitCodeOf } from '../../src/cli/services/exit-code-of.ts'
import type { ExhibitImage, ListedMedium } from '../../src/contracts/image-exhibit.ts'
import type { WalkedEntry } from '../../src/contracts/ledger.ts'
import { createLedger } from '../../src/ledger/write/session.ts'
import { temporaryFolder, verifyAlone } from './temporary.ts'

const SIZE = 8_000_000
const CONTENTS = 2_400_000
const IMAGE: ExhibitImage = {
  format: 'raw',
  sizeBytes: SIZE,
  segments: [{ name: 'x.dd', sizeBytes: SIZE }],
  stated: [],
  storedHashes: [],
  remarks: [],
}
const DONE = { result: 'done' } as const

function medium(allocated: number): ListedMedium {
  const range = { offset: 0, length: SIZE, kind: 'volume', number: 1, scheme: 'whole' } as const
  const classes = { metadata: 8_000, allocated, unallocated: SIZE - 8_000 - allocated, slack: 0, bad: 0 }
  return {
    samples: [],
    ranges: [
      {
        range: { ...range, type: '', name: '', content: 'ext' },
        fileSystem: { kind: 'ext4', label: '', uuid: '', clusterBytes: 4096, stated: [] },
        listed: DONE,
        classes,
        problems: [],
      },
    ],
    classes: (['metadata', 'allocated', 'unallocated'] as const)
      .map((name) => ({ volume: 1, class: name, bytes: classes[name] }))
      .filter(({ bytes }) => bytes > 0),
  }
}

function entry(name: string, kind: 'file' | 'directory', sizeBytes: number): WalkedEntry {
  return {
    entry: bareEntry({
      path: volumePath(1, Buffer.from(name)),
      kind,
      sizeBytes: BigInt(sizeBytes),
      band: 1,
      onImage: {
        volume: 1,
        status: 'live',
        basis: null,
        record: 2,
        sequence: null,
        place: { kind: 'none', reason: 'directory', detail: '' },
        nameTimes: null,
        notes: [],
      },
    }),
    read: { result: 'not-applicable', reason: 'directory', detail: null },
  }
}

/** Listed whole, by its own word. */
function sealed(allocated: number, entries: readonly WalkedEntry[]) {
  const session = createLedger({
    path: join(temporaryFolder(), 'case.sqlite'),
    case: CASE,
    exhibit: { ...EXHIBIT, image: IMAGE },
    plan: { ...PLAN, phases: ['inventory'] },
    tool: TOOL,
    account: 'tester',
  })
  session.recordEntries([entry('', 'directory', SIZE), ...entries])
  session.recordInventoryDone(medium(allocated))
  const { summary } = session.seal()
  return { summary, path: session.path }
}

it('26 A6: a lister whose byte classes hold contents and that names none is not complete', () => {
  const { summary, path } = sealed(CONTENTS, [entry('lost+found', 'directory', 4096)])
  expect([summary.incomplete, exitCodeOf(summary)]).toEqual([['contents-not-named'], 3])
  expect(verifyAlone(path).problems).toEqual([])
})

it('one that names a content, or counts none, is complete', () => {
  expect(sealed(CONTENTS, [entry('a.bin', 'file', CONTENTS)]).summary.incomplete).toEqual([])
  expect(sealed(0, [entry('lost+found', 'directory', 4096)]).summary.incomplete).toEqual([])
})
