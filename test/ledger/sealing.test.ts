/** Sealing goes in steps: whoever asks for a pause is answered between two of them (issue 12, D17). */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CASE, PLAN, run, TOOL } from '../../fixtures/ledgers/synthetic.ts'
import type { ProgressEvent } from '../../src/contracts/progress.ts'
import { notDone } from '../../src/contracts/stage.ts'
import { ReaderPool } from '../../src/host/reader/reader-pool.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { createLedger, resumeLedger } from '../../src/ledger/write/session.ts'
import { examine } from '../../src/pipeline/examine.ts'
import { DEFAULT_LIMITS, DEFAULT_OPTIONS, makePlan, WHOLE_EXHIBIT } from '../../src/plan.ts'
import { describeExhibit } from '../../src/source/mount/exhibit.ts'
import { mountSource } from '../../src/source/source.ts'
import { newLedger, temporaryFolder, verifyAlone } from './temporary.ts'

it('ended early nothing is sealed; recorded in between it is refused; sealed later the digests are the same', () => {
  const [whole, session] = [newLedger(PLAN), newLedger(PLAN)]
  for (const one of [whole, session]) run(one, 50)
  const { evidenceDigest, analysisDigest, inventoryDigest } = whole.seal()
  const early = session.sealing()
  expect(early.next().done).toBe(false)
  early.return(undefined as never)
  const disturbed = session.sealing()
  disturbed.next()
  session.recordEvent('paused', { reason: 'interrupted' })
  expect(() => [...disturbed]).toThrow('something was recorded while the ledger was sealed')
  session.close()
  expect(verifyAlone(session.path)).toMatchObject({ sealed: false, problems: [] })
  const again = resumeLedger(session.path)
  expect(again.seal()).toMatchObject({ evidenceDigest, analysisDigest, inventoryDigest })
  expect(verifyAlone(session.path).problems).toEqual([])
})

it('a signal while sealing pauses, and the run that goes on seals to the digests of an undisturbed one', async () => {
  const folder = temporaryFolder()
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  // More than one word of how far it is: 4,096 entries apart.
  for (let i = 0; i < 4_200; i++) writeFileSync(join(exhibit, `${i}`), '')
  const undisturbed = await inventoried(exhibit, join(folder, 'whole'))
  const interrupt = new AbortController()
  const ledger = join(folder, 'ledger')
  const paused = await inventoried(exhibit, ledger, interrupt, ({ event, ...more }) => {
    if (event === 'progress' && 'phase' in more && more.phase === 'seal') interrupt.abort('interrupted')
  })
  expect(paused.at(-1)).toMatchObject({ event: 'paused', reason: 'interrupted' })
  expect(paused.at(-2)).toMatchObject({ event: 'progress', phase: 'seal', entriesDone: 4_096 })
  const reader = openLedger(ledger)
  expect(reader.seal).toBeNull()
  reader.close()
  await inventoried(exhibit, ledger)
  expect(sealOf(ledger)).toEqual(sealOf(join(folder, 'whole')))
  expect(undisturbed.some(({ event }) => event === 'paused')).toBe(false)
  expect(verifyAlone(ledger).problems).toEqual([])
})

function sealOf(path: string) {
  const reader = openLedger(path)
  const { evidenceDigest, analysisDigest, inventoryDigest } = reader.seal!
  reader.close()
  return { evidenceDigest, analysisDigest, inventoryDigest }
}

/** The straight line with nothing asked for but the inventory; goes on where there is a ledger. @returns what it told */
async function inventoried(
  root: string,
  ledger: string,
  interrupt = new AbortController(),
  on: (event: ProgressEvent) => void = () => {},
): Promise<ProgressEvent[]> {
  const told: ProgressEvent[] = []
  const exhibit = await describeExhibit(root)
  const plan = makePlan({
    phases: ['inventory'],
    scope: WHOLE_EXHIBIT,
    hashSets: [],
    models: [],
    options: DEFAULT_OPTIONS,
    limits: DEFAULT_LIMITS,
  })
  const session = existsSync(ledger)
    ? resumeLedger(ledger)
    : createLedger({ path: ledger, case: CASE, exhibit, plan, tool: TOOL, account: 'tester' })
  const readers = new ReaderPool({ root, workers: 1, limits: DEFAULT_LIMITS })
  const nothing = () => ({
    result: notDone('no-hash-sets'),
    hits: [],
    conflicts: [],
    suppressedBy: null,
    warnings: [],
  })
  const emit = (event: ProgressEvent) => {
    told.push(event)
    on(event)
  }
  const refused = () => {
    throw new Error('nothing is looked at here')
  }
  const children = {
    look: refused,
    openAll: refused,
    verifyDigests: refused,
    readText: refused,
    readRecords: refused,
    derivedBytes: refused,
  }
  try {
    const signal = interrupt.signal
    await examine(
      { session, exhibit, source: mountSource(exhibit), workers: 1, emit, signal },
      { readers, match: nothing, near: null, named: nothing, children, textIndex: refused },
    )
  } finally {
    await readers.close()
  }
  return told
}
