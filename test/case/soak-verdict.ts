/** What a soak of a served case must leave behind, whatever was killed: in the log of the case and in each ledger. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf as recordedIn, standing } from '../../src/ledger/custody/decisions.ts'
import { openForReading } from '../../src/ledger/format/open-readonly.ts'
import { type Exchange, exchangesOf } from './http-wire.ts'
import type { Laboratory } from './persons.ts'
import type { Wired } from './relay.ts'
import { fingerprintOf } from './served-case.ts'
import type { SoakCase } from './soak-exhibits.ts'
import { conversationOf, secretsOf } from './tls-wire.ts'

/** Decisions of the log of the case. */
export function decisionsMade(dir: string) {
  return readCustody(join(dir, 'case')).flatMap(({ fact, operator, detail, head }) =>
    fact?.kind === 'decision' ? [{ ...fact, operator, detail, id: detail.decision ?? head }] : [],
  )
}

/**
 * Each decision is by the person of its certificate, no content has two first passes or two standing decisions of a person,
 * each ledger that holds a content has each of its decisions once, and everything verifies.
 * @returns number of copies in the ledgers
 */
export function recordedRight({ dir, ledgers, seized }: SoakCase, laboratory: Laboratory): number {
  const made = decisionsMade(dir)
  for (const { operator, detail } of made)
    expect(detail.certificate).toBe(fingerprintOf(laboratory.file(`${operator}.pem`)))
  const firsts = made.filter(({ pass }) => pass === 'first').map(({ sha256 }) => sha256)
  expect(firsts.length).toBe(new Set(firsts).size)
  for (const [sha256, all] of recordedIn(readCustody(join(dir, 'case'))))
    expect([sha256, new Set(standing(all).map(({ operator }) => operator)).size]).toEqual([
      sha256,
      standing(all).length,
    ])
  let copies = 0
  for (const ledger of ledgers) {
    const { db, close } = openForReading(ledger)
    const held = new Set(db.prepare('SELECT lower(hex(sha256)) FROM content').pluck().all() as string[])
    close()
    const ids = readCustody(ledger).flatMap(({ fact, detail }) =>
      fact?.kind === 'decision' ? [detail.decision] : [],
    )
    const wanted = made.filter(({ sha256 }) => held.has(sha256)).map(({ id }) => id)
    expect([...ids].sort()).toEqual([...wanted].sort())
    copies += ids.length
    expect(seized('verify', ledger).status).toBe(0)
  }
  expect(seized('case', 'verify', dir).status).toBe(0)
  return copies
}

export interface OnTheWire {
  readonly exchanges: readonly Exchange[]
  /** Connections that the server answered; while it was killed browsers make many more. */
  readonly connections: number
  /** Those of them whose handshake did not come to an end. */
  readonly unread: number
}

/** @param keylog file that `node --tls-keylog` wrote */
export function onTheWire(connections: readonly Wired[], keylog: string): OnTheWire {
  const secrets = secretsOf(readFileSync(keylog, 'utf8'))
  const answered = connections.filter(({ server }) => server.length > 0)
  const read = answered.map(({ client, server }) =>
    conversationOf(Buffer.concat(client), Buffer.concat(server), secrets),
  )
  return {
    exchanges: read.flatMap((one) => (one === null ? [] : exchangesOf(one))),
    connections: answered.length,
    unread: read.filter((one) => one === null).length,
  }
}

/**
 * What the browsers asked for and were answered is what the log of the case holds: nothing more, nothing less, nothing of
 * another person. Peers were sent no name and no word of another person.
 */
export function asOnTheWire(
  { exchanges }: OnTheWire,
  dir: string,
  laboratory: Laboratory,
  names: readonly string[],
) {
  const nameOf = new Map(names.map((name) => [fingerprintOf(laboratory.file(`${name}.pem`)), name]))
  const passOf = new Map<string, string>()
  for (const { path, status, json } of exchanges)
    if (path === '/api/hello' && status === 200) passOf.set(json.key, json.pass ?? 'board')
  /** By request: a browser that sends one twice asked for one decision. */
  const asked = new Map<string, { what: string; isAnswered: boolean; isRefused: boolean }>()
  for (const { certificate, path, key, number, asked: body, status } of exchanges) {
    if (path !== '/api/decide' || body === null) continue
    const what = [
      nameOf.get(certificate ?? ''),
      passOf.get(key),
      ...body.of.contents,
      body.act,
      body.category,
      body.note,
    ]
    const before = asked.get(`${key} ${number}`)
    asked.set(`${key} ${number}`, {
      what: what.join('|'),
      isAnswered: before?.isAnswered === true || status === 200,
      isRefused: status !== null && status !== 200,
    })
  }
  const all = [...asked.values()]
  const answered = countsOf(all.filter(({ isAnswered }) => isAnswered).map(({ what }) => what))
  const possible = countsOf(all.map(({ what }) => what))
  const logged = countsOf(
    decisionsMade(dir).map(({ operator, pass, sha256, act, category, note }) =>
      [operator, pass, sha256, act, category, note].join('|'),
    ),
  )
  const lost = [...answered].filter(([what, count]) => (logged.get(what) ?? 0) < count)
  const invented = [...logged].filter(([what, count]) => (possible.get(what) ?? 0) < count)
  expect([lost, invented]).toEqual([[], []])

  let peerBytes = 0
  let peerAnswers = 0
  for (const { certificate, path, key, json, answer } of exchanges) {
    const pass = path === '/api/hello' ? json?.pass : passOf.get(key)
    if (pass !== 'peer') continue
    const own = nameOf.get(certificate ?? '')
    const text = answer.toString('latin1')
    peerBytes += answer.length
    peerAnswers++
    for (const other of names)
      if (other !== own) expect(text.includes(other), `${path} names ${other}`).toBe(false)
  }
  expect(peerAnswers).toBeGreaterThan(0)
  const count = (one: ReadonlyMap<string, number>) => [...one.values()].reduce((sum, n) => sum + n, 0)
  return {
    asked: all.length,
    answered: count(answered),
    logged: count(logged),
    refused: all.filter(({ isRefused, isAnswered }) => isRefused && !isAnswered).length,
    peerAnswers,
    peerBytes,
  }
}

function countsOf(all: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  return counts
}
