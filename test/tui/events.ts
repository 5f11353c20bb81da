/** A run as its progress events tell it. */

import { filePath } from '../../src/base/evidence-path.ts'
import { recordedImageState } from '../../src/contracts/image-state.ts'
import type { ProgressEvent } from '../../src/contracts/progress.ts'
import { ownHostileNames } from '../report/hostile-names.ts'
import { caseLedger } from '../report/ledgers.ts'
import { hex, hit } from '../report/synthetic-ledger.ts'

const LEDGER = caseLedger()

export const SUMMARY: Extract<ProgressEvent, { event: 'summary' }> = {
  event: 'summary',
  case: LEDGER.case,
  ledger: 'case.sqlite',
  ...LEDGER.summary(),
  evidenceDigest: hex('sha256', 'evidence'),
  analysisDigest: hex('sha256', 'analysis'),
  chainHead: hex('sha256', 'chain head'),
  custodyHead: hex('sha256', 'custody head'),
  places: 23n,
  clock: [],
  ledgerSha256: hex('sha256', 'ledger'),
  exitCode: 13,
  image: recordedImageState(LEDGER),
  says: [],
}

export function progressEvent(
  parts: Partial<Extract<ProgressEvent, { event: 'progress' }>> = {},
): Extract<ProgressEvent, { event: 'progress' }> {
  return {
    event: 'progress',
    phase: 'known',
    entriesDone: 12_345,
    entriesTotal: 60_000,
    bytesDone: 1_234_567_890n,
    bytesTotal: 4_000_000_000n,
    bytesPerSecond: 210_000_000,
    etaSeconds: 200,
    hits: 2,
    leads: 0,
    notDone: 3,
    ...parts,
  }
}

const NONE_YET = { hits: 0, leads: 0, notDone: 0 } as const

export const EVENTS: readonly ProgressEvent[] = [
  { event: 'started', case: LEDGER.case, ledger: 'case.sqlite', planDigest: LEDGER.planDigest },
  { event: 'warning', message: 'The mount is writable.' },
  { event: 'phase', phase: 'inventory', entriesTotal: 0, bytesTotal: 0n, ...NONE_YET },
  progressEvent({
    phase: 'inventory',
    entriesTotal: null,
    bytesTotal: null,
    etaSeconds: null,
    bytesPerSecond: 0,
    hits: 0,
  }),
  { event: 'phase', phase: 'known', entriesTotal: 60_000, bytesTotal: 4_000_000_000n, ...NONE_YET },
  { event: 'hit', path: filePath(Buffer.from('DCIM/IMG_0001.jpg')), hit: hit() },
  progressEvent(),
  {
    event: 'hit',
    path: filePath(Buffer.from('DCIM/IMG_0002.jpg')),
    hit: hit({ algorithms: ['md5'], weak: true, category: null }),
  },
  progressEvent({ entriesDone: 60_000, bytesDone: 4_000_000_000n, etaSeconds: 0 }),
  { event: 'paused', reason: 'interrupted', ledger: 'case.sqlite' },
  SUMMARY,
]

export const HOSTILE_EVENTS: readonly ProgressEvent[] = ownHostileNames().flatMap((name): ProgressEvent[] => {
  const text = name.toString('utf8')
  return [
    {
      event: 'started',
      case: { ...LEDGER.case, caseId: text, exhibitId: text, examiner: text },
      ledger: text,
      planDigest: LEDGER.planDigest,
    },
    {
      event: 'hit',
      path: filePath(name),
      hit: hit({ hashSet: text, category: text, categoryLabel: text, edition: text }),
    },
    { event: 'warning', message: text },
  ]
})
