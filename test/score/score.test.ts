import { describe, expect, it } from 'vitest'
import { childPath, filePath } from '../../src/base/evidence-path.ts'
import { ATTRIBUTES, type Attribute, attribute } from '../../src/contracts/attribute.ts'
import type { DigestConflict, Hit, Lead, NearMatch, Signal } from '../../src/contracts/finding.ts'
import { ENGLISH } from '../../src/report/texts/index.ts'
import type { RankInput } from '../../src/score/rank-input.ts'
import { RULES_NOW } from '../../src/score/rule-versions.ts'
import { RULES } from '../../src/score/rules.ts'
import { rank as rankBy } from '../../src/score/score.ts'

const rank = (of: RankInput, rules = RULES_NOW) => rankBy(of, rules)

const input = (part: Partial<RankInput> = {}): RankInput => ({
  hits: [],
  conflicts: [],
  near: [],
  references: [],
  leads: [],
  signals: [],
  attributes: [],
  path: filePath(Buffer.from('DCIM/a.jpg')),
  ...part,
})

const hit = (part: Partial<Hit> = {}): Hit => ({
  kind: 'hit',
  hashSet: 'national',
  hashSetSha256: '00',
  edition: '2026-1',
  algorithms: ['sha256'],
  weak: false,
  category: null,
  scale: null,
  categoryLabel: null,
  meaning: 'illegal',
  ...part,
})

const conflict: DigestConflict = {
  kind: 'conflict',
  hashSet: 'national',
  hashSetSha256: '00',
  edition: null,
  agreeing: ['md5'],
  differing: ['sha1'],
  category: null,
  scale: null,
  categoryLabel: null,
  meaning: 'illegal',
}

const near = (part: Partial<NearMatch> = {}): NearMatch => ({
  kind: 'near',
  hashSet: 'national',
  hashSetSha256: '00',
  edition: null,
  algorithm: 'pdq',
  distanceBits: 9,
  quality: 100,
  band: 'near-exact',
  orientation: 'original',
  video: null,
  category: null,
  scale: null,
  categoryLabel: null,
  meaning: 'illegal',
  ...part,
})

const lead = (classifier: string, label: string, scorePer10k: number, thresholdPer10k = 2500): Lead => ({
  classifier,
  modelSha256: '00',
  label,
  scorePer10k,
  thresholdPer10k,
  scores: { [label]: scorePer10k },
})

const explicit = (per10k: number) => lead('explicitness', 'explicit', per10k)
const minor = lead('apparent-minor', 'apparent-minor', 4000, 2000)
const veryYoung = lead('apparent-minor', 'apparent-minor', 9900, 2000)
const camera = attribute('possible-first-generation', {
  sign: 'serial',
  model: 'EO-1',
  serial: '0042',
  others: 5,
  inCameraFolder: 1,
  sameSoftware: 4,
  listed: 0,
})
const ofSeries = attribute('of-listed-series', {
  folder: true,
  camera: false,
  time: true,
  place: false,
  copy: false,
  listed: 1,
})
const nobody = (isExplicit = true) =>
  attribute('no-person-found', { explicit: isExplicit, minor: true, scorePer10k: 900, atFacePer10k: 800 })
const covered = attribute('face-covered', { lessRedPer10k: 900 })
const inDoubt = attribute('face-in-doubt', { scorePer10k: 900 })
const hand = attribute('close-up-of-hand', { scorePer10k: 9700 })
const inPackage = (member: string) =>
  childPath(filePath(Buffer.from('Apps/game.apk')), 'member', Buffer.from(member))
const icon = inPackage('res/drawable-hdpi/a.png')
const elsewhere = inPackage('assets/photo.png')
const signal: Signal = {
  kind: 'signal',
  classifier: 'grooming',
  rule: 'asks-age',
  stage: 'risk-assessment',
  quote: 'q',
  start: 0,
  end: 1,
  messageIndex: null,
}

const term = attribute('term-in-name', { id: '17' })
const inName = lead('agency-terms', 'term-in-name', 5000, 5000)

describe('rank', () => {
  it.each<[string, Partial<RankInput>, number | null]>([
    ['nothing', {}, null],
    ['a hit on an illegal list', { hits: [hit()] }, 1],
    ['explicit and apparent minor', { leads: [explicit(6000), minor] }, 1],
    ['an alert of an agency model', { leads: [lead('agency-x', 'agency-alert', 9000)] }, 1],
    ['a digest conflict', { conflicts: [conflict] }, 2],
    ['a near match to an illegal list', { near: [near()] }, 2],
    ['possibly explicit and apparent minor', { leads: [explicit(4000), minor] }, 2],
    ['faintly explicit and apparent minor', { leads: [explicit(3000), minor] }, 3],
    ['an apparent minor without a person', { leads: [minor], attributes: [nobody()] }, 6],
    ['an apparent minor whose face is covered', { leads: [minor], attributes: [covered] }, 6],
    ['a covered face that looks very young', { leads: [veryYoung], attributes: [covered] }, 5],
    ['such a face that is not found again', { leads: [veryYoung], attributes: [covered, inDoubt] }, 6],
    ['a covered face beside explicitness', { leads: [explicit(6000), minor], attributes: [covered] }, 1],
    ['an apparent minor whose face is not found again', { leads: [minor], attributes: [inDoubt] }, 6],
    ['a face in doubt beside explicitness', { leads: [explicit(6000), minor], attributes: [inDoubt] }, 1],
    ['a face in doubt with a hit', { hits: [hit()], leads: [minor], attributes: [inDoubt] }, 1],
    ['a face in doubt near a listed picture', { near: [near()], leads: [minor], attributes: [inDoubt] }, 2],
    [
      'a face in doubt that an agency’s model marks',
      { leads: [minor, lead('agency-x', 'agency-alert', 9000)], attributes: [inDoubt] },
      1,
    ],
    ['an explicitness of a hand', { leads: [explicit(7000)], attributes: [hand] }, 6],
    ['a strong explicitness of a hand', { leads: [explicit(8000)], attributes: [hand] }, 3],
    ['a hand beside an apparent minor', { leads: [explicit(6000), minor], attributes: [hand] }, 1],
    ['a hand with a hit', { hits: [hit()], leads: [explicit(6000)], attributes: [hand] }, 1],
    ['a hand near a listed picture', { near: [near()], leads: [explicit(6000)], attributes: [hand] }, 2],
    [
      'a hand that an agency’s model marks',
      { leads: [explicit(6000), lead('agency-x', 'agency-alert', 9000)], attributes: [hand] },
      1,
    ],
    ['both without a person', { leads: [explicit(7000), minor], attributes: [nobody()] }, 6],
    ['a strong explicitness without a person', { leads: [explicit(8000)], attributes: [nobody()] }, 3],
    [
      'explicit with a person, whose face is none',
      { leads: [explicit(6000), minor], attributes: [nobody(false)] },
      3,
    ],
    ['explicit in a program’s package', { leads: [explicit(6000), minor], path: icon }, 6],
    [
      'a strong explicitness in an icon file',
      { leads: [explicit(8000)], path: filePath(Buffer.from('a/b.ICO')) },
      3,
    ],
    ['an icon file with a hit', { hits: [hit()], leads: [minor], path: filePath(Buffer.from('a.ico')) }, 1],
    ['a picture elsewhere in a package', { leads: [minor], path: elsewhere }, 5],
    ['a hit without a person', { hits: [hit()], leads: [minor], attributes: [nobody()] }, 1],
    [
      'a camera of this exhibit and a lead without a person',
      { leads: [explicit(2500)], attributes: [camera, nobody()] },
      6,
    ],
    [
      'a series of which a list holds one, without a person',
      { leads: [minor], attributes: [ofSeries, nobody()] },
      3,
    ],
    [
      'an agency’s own model without a person',
      { leads: [lead('agency-y', 'explicit', 3000)], attributes: [nobody()] },
      3,
    ],
    ['a camera of this exhibit and a lead', { leads: [explicit(2500)], attributes: [camera] }, 2],
    ['a camera of this exhibit and two leads', { leads: [minor, explicit(2500)], attributes: [camera] }, 2],
    ['a camera of this exhibit and an apparent minor alone', { leads: [minor], attributes: [camera] }, 4],
    ['a series of which a list holds one', { attributes: [ofSeries] }, 3],
    ['explicit alone', { leads: [explicit(5000)] }, 3],
    ['explicit by one model that stands alone', { leads: [lead('agency-y', 'explicit', 3000)] }, 3],
    ['grooming signs', { leads: [lead('grooming', 'grooming', 7000)] }, 3],
    ['a hit of interest', { hits: [hit({ meaning: 'interest' })] }, 4],
    ['a near match of interest', { near: [near({ meaning: 'interest' })] }, 4],
    ['possibly explicit alone', { leads: [explicit(2500)] }, 4],
    ['apparent minor and text signs', { leads: [minor], signals: [signal] }, 4],
    [
      'apparent minor in a download folder',
      { leads: [minor], path: filePath(Buffer.from('u/Downloads/a.jpg')) },
      4,
    ],
    ['a model with a label of its own', { leads: [lead('job-offer', 'concerning', 8000)] }, 4],
    ['an agency term and an apparent minor', { leads: [minor, inName], attributes: [term] }, 4],
    [
      'a camera of this exhibit, a term and a minor',
      { leads: [minor, inName], attributes: [term, camera] },
      4,
    ],
    ['a camera of this exhibit and an agency term', { leads: [inName], attributes: [term, camera] }, 5],
    ['an agency term alone', { leads: [inName], attributes: [term] }, 5],
    ['the agency’s path model alone', { leads: [lead('agency-paths', 'path', 9000, 5000)] }, 5],
    ['apparent minor alone', { leads: [minor] }, 5],
    ['text signs alone', { signals: [signal] }, 5],
    ['a hit on a known list', { hits: [hit({ meaning: 'known' })] }, null],
    ['a near match to a known list', { near: [near({ meaning: 'known' })] }, null],
    ['attributes alone', { attributes: [camera] }, null],
    ['a place alone', { path: filePath(Buffer.from('Tor Browser/Downloads/a.jpg')) }, null],
  ])('%s', (_, part, expected) => {
    const ranked = rank(input(part))
    expect(ranked.priority).toBe(expected)
    expect(ranked.reasons.length === 0).toBe(expected === null)
  })

  it('takes an unknown scale as interest only, whatever its number', () => {
    for (const category of ['0', '1', '5']) {
      const ranked = rank(input({ hits: [hit({ scale: 'nowhere', category, meaning: 'interest' })] }))
      expect(ranked.priority).toBe(4)
      expect(ranked.reasons).toMatchObject([{ code: 'hit-interest', params: { category } }])
    }
  })

  it('gives every reason that applies, strongest first', () => {
    const ranked = rank(input({ hits: [hit()], conflicts: [conflict], leads: [explicit(9000)] }))
    expect(ranked.priority).toBe(1)
    expect(ranked.reasons.map((reason) => ENGLISH.review(reason))).toEqual([
      'Its digest is on the list national (edition 2026-1), declared a list of illegal material.',
      'One digest of a record on the list national agrees with it and another does not: the record is faulty, or two files were made to share a digest.',
      'A model estimates that it is sexually explicit (explicitness 0.90, threshold 0.25).',
    ])
  })

  it('names terms by id, ten of them, and the places they stand in', () => {
    const ids = Array.from({ length: 12 }, (_, i) => attribute('term-in-text', { id: `T${i}` }))
    const leads = [
      inName,
      lead('agency-terms', 'term-in-text', 9998, 5000),
      lead('agency-paths', 'path', 9000, 5000),
    ]
    const { reasons } = rank(input({ leads, attributes: [term, ...ids] }))
    expect(reasons.map((reason) => ENGLISH.review(reason))).toEqual([
      'Agency term IDs in its name: 17. Agency term IDs in its text: T0, T1, T2, T3, T4, T5, T6, T7, T8, T9 and 2 more. The agency’s path model marks its name and folders (0.90, threshold 0.50).',
    ])
  })

  it('puts no find of a word above a picture', () => {
    const words = RULES.findIndex(({ id }) => id === 'agency-words')
    expect(RULES.findLastIndex(({ id }) => /minor|explicit/.test(id))).toBeLessThan(words)
  })

  it('says when only a weak digest could be compared', () => {
    expect(rank(input({ hits: [hit({ weak: true })] })).reasons).toMatchObject([{ params: { weak: true } }])
    expect(rank(input({ hits: [hit({ weak: true }), hit()] })).reasons).toMatchObject([
      { params: { weak: false } },
    ])
  })

  it('never ranks lower for one finding more (a missing signal never lowers)', () => {
    const findings: Partial<RankInput>[] = [
      { hits: [hit()] },
      { hits: [hit({ meaning: 'known' })] },
      { conflicts: [conflict] },
      { near: [near()] },
      { leads: [explicit(3000)] },
      { leads: [explicit(6000)] },
      { leads: [minor] },
      { signals: [signal] },
      { leads: [inName], attributes: [term] },
      { attributes: [camera] },
    ]
    const merge = (parts: readonly Partial<RankInput>[]) =>
      input({
        hits: parts.flatMap((p) => p.hits ?? []),
        conflicts: parts.flatMap((p) => p.conflicts ?? []),
        near: parts.flatMap((p) => p.near ?? []),
        leads: parts.flatMap((p) => p.leads ?? []),
        signals: parts.flatMap((p) => p.signals ?? []),
        attributes: parts.flatMap((p) => p.attributes ?? []),
      })
    for (let set = 0; set < 1 << findings.length; set++) {
      const chosen = findings.filter((_, i) => set & (1 << i))
      const whole = rank(merge(chosen)).priority ?? 6
      for (const left of chosen) {
        expect(rank(merge(chosen.filter((f) => f !== left))).priority ?? 6).toBeGreaterThanOrEqual(whole)
      }
    }
  })

  it('says of each lead that was put last by which scores', () => {
    const { reasons } = rank(input({ leads: [explicit(7000), minor], attributes: [nobody()] }))
    expect(reasons).toEqual([
      {
        code: 'no-person-found',
        params: {
          classifier: 'explicitness',
          scorePer10k: 7000,
          thresholdPer10k: 2500,
          label: 'explicit',
          personPer10k: 900,
        },
      },
      {
        code: 'no-person-found',
        params: {
          classifier: 'apparent-minor',
          scorePer10k: 4000,
          thresholdPer10k: 2000,
          label: 'apparent-minor',
          personPer10k: 900,
          atFacePer10k: 800,
        },
      },
    ])
  })

  it('gives under older rules what they gave', () => {
    const older = { version: 5, tiers: { explicitLikelyPerTenThousand: 5000 } }
    expect(rank(input({ leads: [explicit(3000), minor], attributes: [nobody()] }), older).priority).toBe(2)
    expect(rank(input({ leads: [minor], attributes: [nobody()] }), older).priority).toBe(5)
    const { coveredMinorStaysPerTenThousand: _, ...tiers } = RULES_NOW.tiers
    const ninth = { version: 9, tiers }
    expect(rank(input({ leads: [veryYoung], attributes: [covered] }), ninth).priority).toBe(6)
  })

  it('does not depend on the order of findings', () => {
    const hits = [hit({ hashSet: 'b' }), hit({ hashSet: 'a' })]
    const leads = [explicit(9000), minor]
    expect(rank(input({ hits, leads }))).toEqual(
      rank(input({ hits: [...hits].reverse(), leads: [...leads].reverse() })),
    )
  })
})

describe('the rules', () => {
  it('stand in order of priority and have an id of their own', () => {
    expect(RULES.map((r) => r.priority)).toEqual(RULES.map((r) => r.priority).sort())
    expect(new Set(RULES.map((r) => r.id)).size).toBe(RULES.length)
  })

  it('use no words of a verdict', () => {
    const everything = input({
      hits: [hit(), hit({ meaning: 'interest' })],
      conflicts: [conflict],
      near: [near(), near({ meaning: 'interest' })],
      leads: [explicit(9000), minor, lead('grooming', 'grooming', 9000), lead('x', 'y', 9000)],
      signals: [signal],
    })
    for (const reason of rank(everything).reasons) {
      expect(ENGLISH.review(reason)).not.toMatch(
        /csam|abuse|guilty|offen|victim|\bis illegal\b|evidence of|child porn/i,
      )
    }
  })
})

describe('what records say was done with a content', () => {
  const record = (direction: 'shared' | 'sent' | 'received' | null) => ({
    path: filePath(Buffer.from('known.met')),
    record: { code: 'emule-known', params: {} },
    direction,
    when: null,
    whenKind: null,
    moreTimes: [],
    person: null,
    status: 'live' as const,
  })
  const explicit: Lead = {
    classifier: 'explicitness',
    modelSha256: '00',
    label: 'explicit',
    scorePer10k: 9900,
    thresholdPer10k: 2500,
    scores: { explicit: 9900 },
  }

  it('puts a hit that was given on before every other, and says how often', () => {
    const given = rank(
      input({ hits: [hit()], records: [record('shared'), record('sent'), record('shared')] }),
    )
    expect(given.priority).toBe(1)
    expect(given.reasons[0]).toEqual({
      code: 'hit-illegal-and-given-on',
      params: { list: 'national', edition: '2026-1', shared: 2, sent: 1 },
    })
    expect(ENGLISH.review(given.reasons[0]!)).toContain('2 records on the device say that it was shared')
  })

  it('raises a likely explicit picture that was sent, and nothing for what was only received', () => {
    expect(rank(input({ leads: [explicit], records: [record('sent')] })).priority).toBe(2)
    expect(rank(input({ leads: [explicit], records: [record('received'), record(null)] })).priority).toBe(3)
    expect(rank(input({ records: [record('sent')] })).priority).toBe(null)
  })

  it('changes no priority of a ledger that was made with older rules', () => {
    const older = { ...RULES_NOW, version: 2 }
    const of = input({ hits: [hit()], leads: [explicit], records: [record('shared')] })
    expect(rank(of, older).reasons.map(({ code }) => code)).toEqual(['hit-illegal', 'explicit'])
  })
})

describe('attributes alone', () => {
  it('give no priority but a listed beginning and a listed series: the reader makes no view of a content for any other', () => {
    const alone = (code: string, params: object) =>
      rank(input({ attributes: [{ kind: 'attribute', code, params } as Attribute] })).priority
    const codes = Object.keys(ATTRIBUTES).filter(
      (code) => code !== 'listed-beginning' && code !== 'of-listed-series',
    )
    expect(codes.length).toBeGreaterThan(50)
    expect(codes.filter((code) => alone(code, {}) !== null)).toEqual([])
    expect(alone('listed-beginning', { list: 'a', agreement: 'whole', md5: '', bytes: 1 })).not.toBeNull()
  })
})
