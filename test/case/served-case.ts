/** A case of scanned exhibits with persons, served, for the tests of the network. */
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { CustodyEvent } from '../../src/contracts/custody.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import {
  type Copies,
  caseOf,
  type ExhibitId,
  picture,
  remove,
  type Scanned,
  scanAll,
  stateIn,
} from './exhibits.ts'
import { type Issued, Laboratory } from './persons.ts'
import { Person, type Serving, serveCase } from './serving.ts'

export const ALL: readonly ExhibitId[] = ['LTU-03', 'LTU-07', 'LTU-09']
const NAMES = ['A. Example', 'B. Example', 'C. Example', 'L. Lead'] as const
export type Name = (typeof NAMES)[number]

export interface ServedCase {
  /** SHA-256 of the pictures, by seed. */
  readonly digests: string[]
  readonly laboratory: () => Laboratory
  /** Folder of the files of an exhibit. */
  readonly rootOf: (exhibit: ExhibitId) => string
  /** A case of its own whose persons have these roles. */
  readonly caseWith: (roles: Readonly<Record<string, string>>) => Copies
  readonly serving: (copies: Copies, args?: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Serving>
  readonly issued: (name: string) => Issued
  readonly person: (server: Serving, name: string) => Person
  readonly certificateOf: (name: string) => string
}

/** For a whole file of tests: one scan, and one authority. */
export function servedCase(): ServedCase {
  let scanned: Scanned
  let laboratory: Laboratory
  const folder = mkdtempSync(join(tmpdir(), 'seized-laboratory-'))
  const digests: string[] = []
  beforeAll(async () => {
    scanned = await scanAll()
    laboratory = new Laboratory(folder)
    for (const name of NAMES) laboratory.issue(name)
    for (const seed of [0, 1, 2, 3, 4])
      digests.push(
        createHash('sha256')
          .update(await picture(seed))
          .digest('hex'),
      )
  }, 120_000)
  afterAll(() => {
    remove(scanned)
    rmSync(folder, { recursive: true, force: true })
  })
  const issued = (name: string) => ({
    cert: laboratory.file(`${name}.pem`),
    key: laboratory.file(`${name}.key`),
  })
  return {
    digests,
    laboratory: () => laboratory,
    issued,
    rootOf: (exhibit) => scanned.root(exhibit),
    caseWith: (roles) => {
      const copies = caseOf(scanned)
      for (const [name, role] of Object.entries(roles))
        expect(copies.seized('case', 'person', copies.dir, name, '--role', role).status).toBe(0)
      return copies
    },
    serving: ({ dir, folder: of }, args = [], env = {}) =>
      serveCase(dir, laboratory, args, { ...stateIn(of), ...env }),
    person: (server, name) => new Person(server, laboratory, issued(name)),
    certificateOf: (name) => fingerprintOf(issued(name).cert),
  }
}

export function fingerprintOf(cert: string): string {
  return new X509Certificate(readFileSync(cert)).fingerprint256.replaceAll(':', '').toLowerCase()
}

export const eventsOf = ({ dir }: Copies): readonly CustodyEvent[] => readCustody(join(dir, 'case'))

export function decisionsOf(copies: Copies) {
  return eventsOf(copies).flatMap(({ fact, operator, detail }) =>
    fact?.kind === 'decision'
      ? [
          {
            sha256: fact.sha256,
            category: fact.category,
            pass: fact.pass,
            operator,
            certificate: detail.certificate,
          },
        ]
      : [],
  )
}

/** The case and each ledger, as a stranger checks them. */
export function verified({ seized, dir, ledger }: Copies): void {
  const { status, stdout } = seized('case', 'verify', dir)
  expect([status, stdout]).toEqual([0, expect.stringContaining('VERIFIED: the case and 3 ledgers')])
  for (const one of ALL) expect(seized('verify', ledger(one)).status).toBe(0)
}
