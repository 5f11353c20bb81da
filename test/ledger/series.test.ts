/** Issue 28, point 10: the unlisted of a series of which a list holds one stand early, and say why. */
import { describe, expect, it } from 'vitest'
import { contentOf, PLAN } from '../../fixtures/ledgers/synthetic.ts'
import { bareEntry } from '../../src/base/bare-entry.ts'
import { filePath, printPath } from '../../src/base/evidence-path.ts'
import { type Attribute, attribute } from '../../src/contracts/attribute.ts'
import type { Finding, Hit } from '../../src/contracts/finding.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { ENGLISH } from '../../src/report/texts/index.ts'
import { Catalogue } from '../../src/review/catalogue.ts'
import { inOrder } from '../../src/review/order.ts'
import { RULES_NOW } from '../../src/score/rule-versions.ts'
import { newLedger } from './temporary.ts'

interface Shot {
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly explicit?: number
  readonly isListed?: boolean
}

const DONE = { result: 'done' } as const
const HIT: Hit = {
  kind: 'hit',
  hashSet: 'l',
  hashSetSha256: '00',
  edition: null,
  algorithms: ['sha256'],
  weak: false,
  category: null,
  scale: null,
  categoryLabel: null,
  meaning: 'illegal',
}

const camera = (model: string) => attribute('camera-model', { text: model })
const taken = (text: string) => attribute('capture-time', { text })
const place = (text: string) => attribute('gps-position', { text })
const two = (n: number) => String(n).padStart(2, '0')

/**
 * As many contents as the realistic disk has, in its folders, with its hits and false leads: a holiday of one camera, pictures
 * of the same place on other days, and twenty of one afternoon among them, one of which is listed.
 */
function shots(): Shot[] {
  const all: Shot[] = []
  const put = (count: number, name: (i: number) => string, of: (i: number) => Omit<Shot, 'name'>) => {
    for (let i = 0; i < count; i++) all.push({ name: name(i), ...of(i) })
  }
  put(
    280,
    (i) => `Pictures/Vasara/a${i}.jpg`,
    (i) => ({
      attributes: [camera('P 9'), taken(`2026:${two((i % 9) + 1)}:${two((i % 28) + 1)} 10:11:12`)],
      isListed: i === 9,
      ...(i % 20 === 3 && { explicit: i % 40 === 3 ? 6000 : 3000 }),
    }),
  )
  put(
    20,
    (i) => `Pictures/Vasara/s${i}.jpg`,
    (i) => ({
      attributes: [
        camera('P 9'),
        taken(`2026:12:24 16:${two(i + 5)}:00`),
        place(`54.68${two(i)}00, 25.270000`),
      ],
      isListed: i === 7,
    }),
  )
  put(
    40,
    (i) => `Pictures/Vasara/same-place${i}.jpg`,
    (i) => ({ attributes: [camera('P 9'), taken(`2026:11:${two((i % 28) + 1)} 09:00:00`)] }),
  )
  put(
    567,
    (i) => `Downloads/d${i}.jpg`,
    (i) => ({ attributes: [], isListed: i % 50 === 0, ...(i % 25 === 7 && { explicit: 3000 }) }),
  )
  return all
}

function sealed(all: readonly Shot[], rules = RULES_NOW): string {
  const session = newLedger({ ...PLAN, rules })
  const of = new Map(all.map((shot) => [shot.name, shot]))
  session.recordEntries(
    all.map(({ name }) => ({
      entry: bareEntry({ path: filePath(Buffer.from(name)), kind: 'file', sizeBytes: 1n, band: 1 }),
      read: null,
    })),
  )
  session.recordInventoryDone(null)
  session.recordReads(
    session.pendingReads(null, 2000).map(({ entryId, path }) => ({
      entryId,
      outcome: { result: DONE, content: contentOf(path.bytes.toString(), 'image/jpeg'), bytesRead: 1n },
      match: {
        result: DONE,
        hits: of.get(path.bytes.toString())!.isListed ? [HIT] : [],
        conflicts: [],
        suppressedBy: null,
        warnings: [],
      },
    })),
  )
  for (const stage of ['opened', 'looked-at'] as const)
    session.recordExaminations(
      session.pendingContents(stage, null, 2000).map(({ contentId, path }) => {
        const { attributes, explicit } = of.get(path.bytes.toString())!
        const score: Finding[] =
          explicit === undefined
            ? []
            : [
                {
                  kind: 'score',
                  classifier: 'explicitness',
                  modelSha256: 'ab'.repeat(32),
                  label: 'explicit',
                  scorePer10k: explicit,
                  thresholdPer10k: 2500,
                },
              ]
        const findings = stage === 'opened' ? [] : [...attributes, ...score]
        return { contentId, examination: { stage, result: DONE, findings, preview: null } }
      }),
    )
  session.seal()
  return session.path
}

/** Names in the order in which a person sees the contents. */
function reviewed(path: string, order: 'priority' | 'place'): string[] {
  const ledger = openLedger(path)
  try {
    const catalogue = Catalogue.of(ledger)
    const names = new Map(
      [...ledger.entries()].map(({ entry, content }) => [content?.digests.sha256, printPath(entry.path)]),
    )
    const whole = Int32Array.from({ length: catalogue.size }, (_, i) => i)
    const sorted = inOrder(whole, order, catalogue, null as never, () => new Int32Array())
    return [...sorted].map((number) => names.get(catalogue.sha256(number))!)
  } finally {
    ledger.close()
  }
}

const isOfSeries = (name: string) => /\/s\d+\.jpg$/.test(name) && !name.endsWith('/s7.jpg')

function shareEarly(names: readonly string[]): number {
  const early = names.slice(0, Math.floor(names.length / 20))
  return early.filter(isOfSeries).length / names.filter(isOfSeries).length
}

describe('a series of which a list holds one', () => {
  const all = shots()

  it('stands in the first twentieth of the order, where path order has none of it', () => {
    const path = sealed(all)
    expect(all).toHaveLength(907)
    expect(shareEarly(reviewed(path, 'place'))).toBeLessThan(0.1)
    expect(shareEarly(reviewed(path, 'priority'))).toBeGreaterThanOrEqual(0.7)
  })

  it('is said with what it shares, in findings and in words; a folder and a camera alone are no series', () => {
    const ledger = openLedger(sealed(all))
    const found = new Map([...ledger.findings()].map((view) => [printPath(view.entry.path), view.ranked]))
    ledger.close()
    const first = found.get('Pictures/Vasara/s1.jpg')!
    expect(first.priority).toBe(3)
    expect(ENGLISH.review(first.reasons[0]!)).toMatch(
      /^It is on no list.*shares with that one: its folder; its camera; the hour in which it was taken; the place where it was taken; 2 contents of its folder/,
    )
    expect(found.get('Pictures/Vasara/same-place3.jpg')).toBeUndefined()
    expect([...found.keys()].filter(isOfSeries)).toHaveLength(19)
  })

  it('has no priority under the rules of a ledger that was made before', () => {
    const ledger = openLedger(sealed(all, { ...RULES_NOW, version: 4 }))
    expect([...ledger.findings()].some((view) => isOfSeries(printPath(view.entry.path)))).toBe(false)
    ledger.close()
  })
})
