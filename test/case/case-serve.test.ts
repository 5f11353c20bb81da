/** `seized case serve`: several persons over TLS with certificates, one record of who did what. */
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
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
import { Laboratory } from './persons.ts'
import { Person, serveCase } from './serving.ts'

let scanned: Scanned
let laboratory: Laboratory
const folder = mkdtempSync(join(tmpdir(), 'seized-laboratory-'))
const digests: string[] = []
const ALL: readonly ExhibitId[] = ['LTU-03', 'LTU-07', 'LTU-09']

beforeAll(async () => {
  scanned = await scanAll()
  laboratory = new Laboratory(folder)
  for (const name of ['A. Example', 'B. Example', 'C. Example', 'L. Lead']) laboratory.issue(name)
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

/** A case whose persons are named. */
function caseWith(roles: Readonly<Record<string, string>>): Copies {
  const copies = caseOf(scanned)
  for (const [name, role] of Object.entries(roles))
    expect(copies.seized('case', 'person', copies.dir, name, '--role', role).status).toBe(0)
  return copies
}

const serving = ({ dir, folder: of }: Copies, ...args: string[]) =>
  serveCase(dir, laboratory, args, stateIn(of))

const issued = (name: string) => ({
  cert: laboratory.file(`${name}.pem`),
  key: laboratory.file(`${name}.key`),
})

const certificateOf = (name: string) =>
  new X509Certificate(readFileSync(issued(name).cert)).fingerprint256.replaceAll(':', '').toLowerCase()

const verified = ({ seized, dir, ledger }: Copies) => {
  const { status, stdout } = seized('case', 'verify', dir)
  expect([status, stdout]).toEqual([0, expect.stringContaining('VERIFIED: the case and 3 ledgers')])
  for (const one of ALL) expect(seized('verify', ledger(one)).status).toBe(0)
}

it('serves two persons at once: each grades over TLS 1.3, and each decision names the certificate', async () => {
  const copies = caseWith({ 'A. Example': 'grade', 'B. Example': 'grade' })
  const server = await serving(copies, '--lease', '2')
  const [a, b] = ['A. Example', 'B. Example'].map((name) => new Person(server, laboratory, issued(name)))
  const [ofA, ofB] = [await a!.hello(), await b!.hello()]
  expect([ofA.status, ofA.json.operator, ofA.json.places]).toEqual([
    200,
    'A. Example',
    ['first', 'second', 'peer'],
  ])
  expect([ofB.status, ofB.json.operator]).toEqual([200, 'B. Example'])
  const [workA, workB] = [await a!.digests(), await b!.digests()]
  expect([workA.length, workB.length]).toEqual([2, 2])
  expect([...workA, ...workB].sort()).toEqual(digests.slice(1).sort())
  const [one, two] = await Promise.all([a!.decide(workA[0]!, '2'), b!.decide(workB[0]!, '3', 'as seen')])
  expect([one.status, two.status]).toEqual([200, 200])
  // What the other holds cannot be decided.
  expect((await a!.decide(workB[1]!, '1')).status).toBe(409)
  await a!.post('end')
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)

  const events = readCustody(join(copies.dir, 'case'))
  const made = events.flatMap(({ fact, operator, detail }) =>
    fact?.kind === 'decision' ? [[fact.sha256, fact.category, operator, detail.certificate]] : [],
  )
  expect(made.sort()).toEqual(
    [
      [workA[0], '2', 'A. Example', certificateOf('A. Example')],
      [workB[0], '3', 'B. Example', certificateOf('B. Example')],
    ].sort(),
  )
  const copied = ALL.flatMap((exhibit) =>
    readCustody(copies.ledger(exhibit)).flatMap(({ fact, operator, detail }) =>
      fact?.kind === 'decision' ? [[fact.sha256, operator, detail.certificate]] : [],
    ),
  )
  for (const [sha256, , operator, certificate] of made)
    expect(copied).toContainEqual([sha256, operator, certificate])
  const opened = events.filter(({ event }) => event === 'review-opened')
  expect(opened.map(({ operator, detail }) => [operator, detail.certificate])).toEqual([
    ['A. Example', certificateOf('A. Example')],
    ['B. Example', certificateOf('B. Example')],
  ])
  verified(copies)
})
