/** The rule of rescue, asked of few columns, against whole views of the same contents: both must say the same. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeReviewLedger } from '../../fixtures/ledgers/review.ts'
import { seeded } from '../../fixtures/pictures.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import type { Finding } from '../../src/contracts/finding.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { ReviewedLedger } from '../../src/review/reviewed-ledger.ts'
import { temporaryFolder } from '../e2e/seized.ts'

const CONTENTS = 600
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

const lead = (classifier: string, label: string, scorePer10k: number): Finding => ({
  kind: 'score',
  classifier,
  modelSha256: 'ab'.repeat(32),
  label,
  scorePer10k,
  thresholdPer10k: 5000,
})

/** Everything that the rule looks at, drawn by chance. */
function drawn(number: number): readonly Finding[] {
  const random = seeded(number + 1)
  const is = (share: number) => random() < share
  const serial = is(0.7) ? [attribute('camera-serial', { text: is(0.9) ? '4711' : `only ${number}` })] : []
  return [
    ...(is(0.7)
      ? [
          attribute('camera-make', { text: 'Example' }),
          attribute('camera-model', { text: 'Phone 9' }),
          ...serial,
        ]
      : []),
    ...(is(0.7)
      ? [attribute('capture-time', { text: `${daysAgo(is(0.5) ? 30 : 3000).replaceAll('-', ':')} 10:00:00` })]
      : []),
    ...(is(0.4) ? [lead('model', 'example', is(0.8) ? 7200 : 100)] : []),
    ...(is(0.3) ? [lead('apparent-minor', 'apparent-minor', is(0.8) ? 8000 : 100)] : []),
    ...(is(0.2) ? [lead('explicitness', 'explicit', is(0.8) ? 9000 : 100)] : []),
    ...(is(0.1) ? [lead('grooming', 'grooming', 7200)] : []),
  ]
}

it('says of each content what its whole view says', () => {
  const path = join(temporaryFolder(), 'one.sqlite')
  makeReviewLedger({ path, contents: CONTENTS, stackOf: 1, seal: true, leadEvery: 7, found: drawn })
  const ledger = openLedger(path)
  const reviewed = new ReviewedLedger(ledger)
  const { catalogue, rescue, facts, lookup } = reviewed
  const proposed = rescue.atOnce()
  const kinds = new Map<string, number>()
  for (let number = 0; number < catalogue.size; number++) {
    const [entry] = lookup.placesOf(catalogue.ids[number]!)
    const [view] = facts.placesOf(entry!)
    const camera = view!.ranked.reasons.some(({ code }) =>
      ['possible-first-generation', 'apparent-minor-of-first-generation'].includes(code),
    )
    const chat = view!.leads.some(({ classifier }) => classifier === 'grooming')
    const taken = view!.attributes.find(({ code }) => code === 'capture-time')?.params as { text: string }
    const isOld =
      taken === undefined
        ? catalogue.modified[number]! * 1000 < Date.parse(daysAgo(365))
        : !taken.text.startsWith(daysAgo(30).replaceAll('-', ':'))
    const expected = isOld ? [] : [...(camera ? ['first-generation'] : []), ...(chat ? ['conversation'] : [])]
    const said = (proposed.get(number) ?? []).map(({ code }) => code)
    expect([number, said]).toEqual([number, expected.length === 0 ? [] : [...expected, 'recent']])
    // Asked of one alone it says the same.
    expect(rescue.of(number)).toEqual(proposed.get(number) ?? [])
    kinds.set(expected.join(' '), (kinds.get(expected.join(' ')) ?? 0) + 1)
  }
  // The draw had something of each.
  for (const kind of ['', 'first-generation', 'conversation', 'first-generation conversation'])
    expect([kind, (kinds.get(kind) ?? 0) > 3]).toEqual([kind, true])
  reviewed.close()
  ledger.close()
})

it('waits for nobody when the review ends meanwhile', async () => {
  const path = join(temporaryFolder(), 'one.sqlite')
  makeReviewLedger({ path, contents: CONTENTS, stackOf: 1, seal: true, leadEvery: 7, found: drawn })
  const ledger = openLedger(path)
  const reviewed = new ReviewedLedger(ledger)
  const waiting = reviewed.rescue.made()
  reviewed.close()
  ledger.close()
  if (reviewed.rescue.proposed === null) await expect(waiting).rejects.toThrow('The review has ended.')
})
