/** The straight line over a folder with a plan of the test's own, by real readers and children. */

import { fileURLToPath } from 'node:url'
import { CASE, TOOL } from '../../fixtures/ledgers/synthetic.ts'
import { printPath } from '../../src/base/evidence-path.ts'
import type { Limits, PlanOptions } from '../../src/contracts/case.ts'
import { notDone } from '../../src/contracts/stage.ts'
import type { EntryView } from '../../src/contracts/view.ts'
import { ChildPool } from '../../src/host/decoder/pool.ts'
import { ReaderPool } from '../../src/host/reader/reader-pool.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { createLedger } from '../../src/ledger/write/session.ts'
import { examine } from '../../src/pipeline/examine.ts'
import { DEFAULT_LIMITS, DEFAULT_OPTIONS, makePlan, WHOLE_EXHIBIT } from '../../src/plan.ts'
import { describeExhibit } from '../../src/source/mount/exhibit.ts'
import { mountSource } from '../../src/source/source.ts'

export interface FolderRun {
  readonly limits?: Partial<Limits>
  readonly options?: Partial<PlanOptions>
  readonly workers?: number
}

/** @returns every entry by its printed path */
export async function runFolder(
  root: string,
  ledger: string,
  run: FolderRun = {},
): Promise<Map<string, EntryView>> {
  const { workers = 2 } = run
  const plan = makePlan({
    phases: ['inventory', 'known', 'unknown'],
    scope: WHOLE_EXHIBIT,
    hashSets: [],
    models: [],
    options: { ...DEFAULT_OPTIONS, ...run.options },
    limits: { ...DEFAULT_LIMITS, ...run.limits },
  })
  const exhibit = await describeExhibit(root)
  const session = createLedger({ path: ledger, case: CASE, exhibit, plan, tool: TOOL, account: 'tester' })
  const readers = new ReaderPool({ root, workers, limits: plan.limits })
  const children = await ChildPool.start({
    workers,
    plan,
    childEntry: fileURLToPath(new URL('../../dist/src/confined/decoder/child.js', import.meta.url)),
  })
  try {
    await examine(
      {
        session,
        exhibit,
        source: mountSource(exhibit),
        workers,
        emit: () => {},
        signal: new AbortController().signal,
      },
      {
        readers,
        match: () => ({ result: NO_LISTS, hits: [], conflicts: [], suppressedBy: null, warnings: [] }),
        near: null,
        named: () => ({ result: NO_LISTS, hits: [], conflicts: [], suppressedBy: null, warnings: [] }),
        children,
        textIndex: () => {
          throw new Error('no text is read here')
        },
      },
    )
  } finally {
    await readers.close()
    await children.close()
  }
  const reader = openLedger(ledger)
  try {
    return new Map([...reader.entries()].map((view) => [printPath(view.entry.path), view]))
  } finally {
    reader.close()
  }
}

const NO_LISTS = notDone('no-hash-sets')
