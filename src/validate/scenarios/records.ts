/** Records of sharing programs that name listed contents, some of which are gone. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { knownMet } from '../../../fixtures/device/emule.ts'
import { noise } from '../../../fixtures/pictures.ts'
import { digestsOf, ed2kDigest } from '../../hash/digest.ts'
import { Checks } from '../model/observation.ts'
import { type Scenario, summaryOf } from '../model/scenario.ts'

export const records: Scenario = {
  id: 'records',
  title: 'a catalogue of a sharing program that names listed contents',
  speaksOf: ['references-found', 'reference-is-no-hit'],
  weight: { quick: 2, full: 3 },
  async run(bench) {
    const config = bench.at('exhibit/Users/x/AppData/Local/eMule/config')
    mkdirSync(config, { recursive: true })
    const count = bench.of(20, 200)
    const contents = Array.from({ length: count }, (_, i) => noise(bench.seed * 41 + i, 700 + i))
    const ed2k = (bytes: Buffer) => digestsOf(bytes, ed2kDigest()).ed2kRed!
    const row = (bytes: Buffer, i: number) => ({
      ed2k: ed2k(bytes),
      name: `file-${i}.bin`,
      sizeBytes: bytes.length,
      modified: 1_600_000_000 + i,
      sentBytes: i * 1000,
      requests: i,
      accepted: i,
    })
    writeFileSync(`${config}/known.met`, knownMet(contents.map(row)))
    const list = bench.at('list.csv')
    // Every second one is listed, the last among them, by the digest in the catalogue; none of them is on the exhibit.
    writeFileSync(
      list,
      `md5,ed2k\n${contents
        .filter((_, i) => i % 2 === 1)
        .map((bytes) => `,${ed2k(bytes)}\n`)
        .join('')}`,
    )
    const ledger = bench.at('records.sqlite')
    const ran = bench.scan(bench.at('exhibit'), ledger, '--hashset', `illegal:${list}`)
    const entries = bench.entries(ledger)
    const references = entries.flatMap((entry) => entry.references) as readonly unknown[]
    const found = new Checks(
      'references-found',
      `seized scan of a known.met of ${count} records, every second one listed`,
      'one reference for each listed record and none else; exit code 10 or 13',
    )
    const said = JSON.stringify(references)
    contents.forEach((bytes, i) => {
      const isNamed = said.toLowerCase().includes(ed2k(bytes))
      found.see(isNamed === (i % 2 === 1), () => `record ${i} ${isNamed ? 'is' : 'is no'} reference`)
    })
    found.equal(references.length, Math.floor(count / 2), 'references')
    found.equal([10, 13].includes(ran.code ?? -1), true, `exit code ${ran.code}`)
    const none = new Checks('reference-is-no-hit', 'the same', 'no hit: the contents are not there')
    none.equal(entries.filter((entry) => entry.hits.length > 0).length, 0, 'hits')
    none.equal(summaryOf(ran).hits, 0, 'hits in the summary')
    return [found.observation, none.observation]
  },
}
