/** CASE/UCO and CAC: JSON-LD that nothing has to be fetched for, equal ids in every export, and the published shapes. */
import { describe, expect, it } from 'vitest'
import { cac } from '../../../src/report/exchange/cac.ts'
import { caseUco } from '../../../src/report/exchange/case.ts'
import { hostileNames } from '../hostile-names.ts'
import { caseLedger, emptyLedger, hostileLedger } from '../ledgers.ts'
import { hit, nearMatch, scored, syntheticLedger, view } from '../synthetic-ledger.ts'
import { decidedLedger } from './decided-ledger.ts'
import { textOf } from './exported-with.ts'
import { SCHEMAS_ARE_HERE } from './schemas.ts'
import { shapesIn, triplesOf } from './shapes.ts'

interface Node {
  readonly '@id': string
  readonly '@type': string | string[]
  readonly [property: string]: unknown
}

const nodesOf = (text: string): Node[] => JSON.parse(text)['@graph']
const ofType = (nodes: Node[], type: string) => nodes.filter((node) => [node['@type']].flat().includes(type))

/** Names of every kind that attacks, not all of each. */
const someHostile = () => hostileLedger(hostileNames().filter((_, i) => i % 12 === 0))

const WORDS = {
  scale: 'vics-us',
  declaredBy: 'Agency',
  words: { 0: 'not_csam', 1: 'requires_further_review' },
} as const

describe.each([
  ['CASE', caseUco],
  ['CAC', cac],
])('%s', (_name, exporter) => {
  it('is JSON-LD in which no property is dropped and no context is fetched', async () => {
    for (const ledger of [decidedLedger(), someHostile(), emptyLedger()])
      expect((await triplesOf(await textOf(exporter, ledger))).split('\n').length).toBeGreaterThan(5)
  })

  it('names each node once, and every node that it refers to', async () => {
    const nodes = nodesOf(await textOf(exporter, decidedLedger()))
    const ids = nodes.map((node) => node['@id'])
    expect(new Set(ids).size).toBe(ids.length)
    const referred = [...JSON.stringify(nodes).matchAll(/\{"@id":"([^"]+)"\}/g)].map(([, id]) => id!)
    expect(referred.filter((id) => !ids.includes(id))).toEqual([])
    expect(ids.every((id) => /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab]/.test(id))).toBe(true)
  })

  it('has the same ids when more was decided later, and others for another exhibit', async () => {
    const before = nodesOf(await textOf(exporter, caseLedger())).map((node) => node['@id'])
    const after = new Set(nodesOf(await textOf(exporter, decidedLedger())).map((node) => node['@id']))
    expect(before.filter((id) => !after.has(id))).toEqual([])
    const { case: info, ...rest } = caseLedger()
    const other = { ...rest, case: { ...info, exhibitId: 'LTU-08' } }
    const elsewhere = nodesOf(await textOf(exporter, other)).map((node) => node['@id'])
    expect(elsewhere.filter((id) => before.includes(id))).toEqual([])
  })

  it('says of a content in copies of copies how many of its places have no file here, and of no other', async () => {
    const views = () => [
      view('a.jpg', { hits: [hit()], placesLeftOut: 7n }),
      view('b.jpg', { hits: [hit()] }),
    ]
    const text = await textOf(exporter, syntheticLedger({ views }))
    const nodes = nodesOf(text)
    expect(ofType(nodes, 'uco-observable:File')).toHaveLength(2)
    const contents = ofType(nodes, 'uco-observable:ContentDataFacet')
    expect(contents.map((node) => node['seized:placesLeftOut'])).toEqual([
      { '@type': 'xsd:integer', '@value': '7' },
      undefined,
    ])
    if (SCHEMAS_ARE_HERE) expect(await shapesIn('case/', 'uco/')(text)).toEqual([])
  })
})

describe('CASE', () => {
  it('has hits, leads and decisions of every file that carries one, in every place', async () => {
    const nodes = nodesOf(await textOf(caseUco, decidedLedger()))
    const names = ofType(nodes, 'case-investigation:InvestigativeAction').map((node) => node['uco-core:name'])
    expect(names.filter((name) => name === 'decided')).toHaveLength(7)
    expect(names).not.toContain('withdrawn')
    expect(ofType(nodes, 'uco-identity:Person')).toHaveLength(3)
    const paths = ofType(nodes, 'uco-observable:FileFacet').map((node) => node['uco-observable:filePath'])
    expect(paths).toContain('Backup/IMG_0001 (copy).jpg')
    expect(paths).toContain('DCIM/IMG_0007.jpg')
    expect(paths).not.toContain('Windows/explorer.exe')
  })

  it('states the technique of SOLVE-IT of the examination, of every match and of every decision', async () => {
    const nodes = nodesOf(await textOf(caseUco, decidedLedger()))
    const named = new Map(
      ofType(nodes, 'uco-core:ExternalReference').map((one) => [
        one['@id'],
        one['uco-core:externalIdentifier'] as string,
      ]),
    )
    const of = (name: string) =>
      ofType(nodes, 'case-investigation:InvestigativeAction')
        .filter((one) => one['uco-core:name'] === name)
        .map((one) =>
          (one['uco-core:externalReference'] as { '@id': string }[]).map((to) => named.get(to['@id'])),
        )
    expect(of('examined')).toEqual([expect.arrayContaining(['DFT-1186', 'DFT-1050', 'DFT-1174'])])
    expect(of('examined')[0]).not.toContain('DFT-1043')
    expect(of('decided')).toEqual(Array(7).fill(['DFT-1054', 'DFT-1091']))
    expect(of('matched').length).toBeGreaterThan(0)
    for (const techniques of of('matched')) expect(techniques).toHaveLength(1)
  })
})

describe('CAC', () => {
  it('turns a category into a word only where the agency declared one for that scale', async () => {
    const words = async (wishes: object) =>
      ofType(
        nodesOf(await textOf(cac, decidedLedger(), wishes)),
        'cac-detection:ManualClassificationAction',
      ).map((node) => node['cac-detection:reviewDecision'] ?? null)
    expect(await words({})).toEqual(Array(7).fill(null))
    expect((await words({ reviewWords: WORDS })).sort()).toEqual(
      [
        'not_csam',
        'not_csam',
        'not_csam',
        'requires_further_review',
        'requires_further_review',
        null,
        null,
      ].sort(),
    )
  })
})

/** 5,000 take some minutes of CPU for each: by hand, `SEIZED_SHACL_FINDINGS=5000`. */
const FINDINGS = Number(process.env.SEIZED_SHACL_FINDINGS ?? 100)

/** A finding of another kind each, under names in several scripts. */
const manyFindings = () =>
  syntheticLedger({
    views: function* () {
      for (let i = 0; i < FINDINGS; i++)
        yield view(
          `DCIM/${i} ąž Ω বাংলা & <ñ> 写真.jpg`,
          [{ hits: [hit()] }, scored(9000), { near: [nearMatch()] }][i % 3]!,
        )
    },
  })

describe.skipIf(!SCHEMAS_ARE_HERE)('against the published shapes', { timeout: 3_600_000 }, () => {
  it.each([
    ['CASE and UCO', caseUco, ['case/', 'uco/'], /"@type":"xsd:hexBinary"/g, '"@type":"xsd:string"'],
    [
      'CAC',
      cac,
      ['case/', 'uco/', 'cac/'],
      /("cac-detection:confidenceScore":\{"@type":"xsd:decimal","@value":")0\.\d+/g,
      '$17.1',
    ],
  ] as const)(
    '%s find nothing wrong with many findings of every kind, and something with a broken twin',
    async (_name, exporter, folders, from, to) => {
      const violations = shapesIn(...folders)
      const text = await textOf(exporter, manyFindings())
      expect(ofType(nodesOf(text), 'uco-observable:File')).toHaveLength(FINDINGS)
      expect(await violations(text)).toEqual([])
      const few = await textOf(exporter, decidedLedger())
      expect(few.replace(from, to)).not.toBe(few)
      expect(await violations(few.replace(from, to))).not.toEqual([])
    },
  )

  it('CASE and UCO 1.4.0 find nothing wrong with decided and hostile ledgers, and much with broken twins', async () => {
    const violations = shapesIn('case/', 'uco/')
    const text = await textOf(caseUco, decidedLedger())
    expect(await violations(text)).toEqual([])
    expect(await violations(await textOf(caseUco, hostileLedger(hostileNames().slice(0, 5))))).toEqual([])
    const broken = text
      .replace('"@type":"xsd:hexBinary"', '"@type":"xsd:string"')
      .replace('"@type":"xsd:boolean","@value":"false"', '"@type":"xsd:boolean","@value":"perhaps"')
      .replace('"uco-observable:mimeType":"', '"uco-observable:mimeType":7,"rdfs:comment":"')
    expect((await violations(broken)).length).toBeGreaterThanOrEqual(3)
  })

  it('CAC 3.0.0 finds nothing wrong with a decided ledger, and names what is wrong with a broken twin', async () => {
    const violations = shapesIn('case/', 'uco/', 'cac/')
    const text = await textOf(cac, decidedLedger(), { reviewWords: WORDS })
    expect(await violations(text)).toEqual([])
    const broken = text
      .replace(/("cac-detection:confidenceScore":\{"@type":"xsd:decimal","@value":")0\.\d+/, '$17.1')
      .replace('"not_csam"', '"guilty"')
    const said = (await violations(broken)).join('\n')
    expect(said).toContain('Confidence score must be between 0.0 and 1.0')
    expect(said).toContain('Review decision must be from the allowed list')
  })
})
