/** Every verb that adds an event to the custody log prints its head; every verb says here whether it adds one (issue 12, A3). */
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ALL_VERBS } from '../../src/cli/all-verbs.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { sealedWithLog } from '../ledger/temporary.ts'
import { seized, temporaryFolder } from './seized.ts'

const OPERATOR = ['--operator', 'A. Example']

/** In this order on one ledger: a signature needs a statement. */
const ADDS: Readonly<Record<string, (ledger: string, folder: string) => readonly string[]>> = {
  verify: (ledger) => ['verify', ledger, '--note'],
  report: (ledger) => ['report', ledger, '--format', 'html'],
  search: (ledger) => ['search', ledger, 'name:one.jpg'],
  decide: (ledger) => [
    ...['decide', ledger, '--entry', 'copies/one.jpg', '--scale', 'vics-us', '--category', '2'],
    ...OPERATOR,
  ],
  'import decisions': (ledger, folder) => {
    const file = join(folder, 'graded.csv')
    expect(seized(['report', ledger, '--format', 'decisions', '--out', file]).status).toBe(0)
    return ['import', 'decisions', ledger, file, '--scale', 'vics-us', ...OPERATOR]
  },
  timeline: (ledger) => ['timeline', ledger, '--format', 'jsonl'],
  diff: (ledger) => ['diff', ledger, ledger],
  'seal-statement': (ledger) => ['seal-statement', ledger, ...OPERATOR],
  sign: (ledger, folder) => {
    const key = join(folder, 'lab.pem')
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    return ['sign', ledger, '--key', key, ...OPERATOR]
  },
  pack: (ledger, folder) => ['pack', ledger, '--out', join(folder, 'case.seized.zip'), ...OPERATOR],
  rematch: (ledger, folder) => {
    const list = join(folder, 'list.txt')
    writeFileSync(list, `md5\n${'0'.repeat(32)}\n`)
    return ['rematch', ledger, '--ledger', join(folder, 'new.sqlite'), '--hashset', `illegal:${list}`]
  },
}

/** Held by tests of their own: they need a list of what is privileged, a time-stamping authority, a page that is open, a case, a run of another tool. */
const ADDS_ELSEWHERE = [
  ...['case init', 'case add', 'case person', 'case policy', 'case assign', 'case accounts', 'case serve'],
  'join',
  'release',
  'timestamp',
  'review',
  'export',
  'scan',
  'resume',
  'batch',
]

const ADDS_NOTHING = [
  ...[
    'image',
    'keys check',
    'case status',
    'case list',
    'case verify',
    'case export-decisions',
    'summary',
    'hash',
    'classify',
    'parts',
    'tutorial',
    'unpack',
    'completions',
    'man',
    'exposure',
    'agreement',
    'doctor',
  ],
  ...[
    'hashset info',
    'hashset import',
    'hashset export',
    'hashset from-folder',
    'hashset list',
    'hashset check',
  ],
  ...['model add', 'model evaluate', 'model list', 'model train', 'model verify'],
  ...['validate plan', 'validate run', 'validate report', 'validate own', 'validate pilot'],
  ...[
    'lab init',
    'lab submit',
    'lab work',
    'lab status',
    'lab priority',
    'lab hold',
    'lab cancel',
    'lab retry',
  ],
  ...['lab take-back', 'lab settle', 'lab archive', 'lab host', 'lab rotate-key', 'lab restored'],
  ...['lab drain', 'lab links', 'lab report', 'lab verify', 'lab backup', 'lab run-one'],
  ...['terms import', 'terms check', 'terms train'],
]

describe('A3', () => {
  it('every verb says whether it adds an event', () => {
    const said = [...Object.keys(ADDS), ...ADDS_ELSEWHERE, ...ADDS_NOTHING]
    expect(ALL_VERBS.map(({ name }) => name).filter((name) => !said.includes(name))).toEqual([])
  })

  it('each that adds one prints the newest head of the custody log last', () => {
    const folder = temporaryFolder()
    const ledger = sealedWithLog(folder)
    for (const [verb, args] of Object.entries(ADDS)) {
      const before = readCustody(ledger).length
      const { stdout, stderr } = seized(args(ledger, folder))
      const log = readCustody(ledger)
      expect([verb, log.length > before], stderr + stdout).toEqual([verb, true])
      expect([verb, stderr.trim().split('\n').at(-1)]).toEqual([verb, `custody head     ${log.at(-1)!.head}`])
    }
  })
})
