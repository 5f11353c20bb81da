/** hashsets/README.md and the examples beside it, against the code. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import {
  EXPORT_FORMATS,
  HASH_SET_FORMATS,
  loadHashSets,
  parseHashSetDeclaration,
  readColumnMap,
  readScaleTable,
  shippedScales,
} from '../../src/match/index.ts'
import { digestsOf } from './support.ts'

const folder = fileURLToPath(new URL('../../hashsets/', import.meta.url))
const readme = readFileSync(join(folder, 'README.md'), 'utf8')

it('names every format in order, with its title and whether it is written', () => {
  const rows = tableAfter('<!-- formats')
  expect(rows.map(([id, title]) => [id, title])).toEqual(
    HASH_SET_FORMATS.map(({ id, title }) => [`\`${id}\``, title]),
  )
  expect(rows.every(([, , read]) => read === 'yes')).toBe(true)
  const written = rows.filter(([, , , how]) => how !== '').map(([id]) => id!.replaceAll('`', ''))
  expect(written.toSorted()).toEqual([...new Set(EXPORT_FORMATS.map((id) => id.split('-')[0]))].toSorted())
})

it('names every shipped scale, and each table has the name of its file', () => {
  const named = tableAfter('## Scales').map(([id]) => id!.replaceAll('`', ''))
  expect(named.toSorted()).toEqual(shippedScales().map(({ id }) => id))
  expect(readdirSync(join(folder, 'scales'))).toEqual(shippedScales().map(({ id }) => `${id}.json`))
})

/** Cells of the first table after a mark, without its header. */
function tableAfter(mark: string): string[][] {
  const lines = readme.split(mark)[1]!.split('\n')
  const start = lines.findIndex((line) => line.startsWith('|'))
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'))
  return lines.slice(start + 2, start + length).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

it('has examples that load as it says, and match the texts they are made of', async () => {
  const example = (name: string) => join(folder, 'examples', name)
  const lists = [
    'illegal:plain.txt',
    'interest:sums.sha256',
    'known:known.hashdeep',
    'vics-us:vics-2.0.json',
  ].map((text) => {
    const { file, declared } = parseHashSetDeclaration(text)
    return { file: example(file), declared }
  })
  const matcher = await loadHashSets(lists)
  const found = [1, 2, 3, 4, 5, 6].map((i) =>
    matcher
      .match(digestsOf(`seized example ${i}`), 16n)
      .hits.map((hit) => `${hit.hashSet} ${hit.meaning}`)
      .sort(),
  )
  expect(found[0]).toEqual(['plain.txt illegal', 'sums.sha256 interest', 'vics-2.0.json known'])
  expect(found[1]).toContain('vics-2.0.json illegal')
  expect(found[5]).toEqual(['known.hashdeep known', 'vics-2.0.json interest'])

  const table = await loadHashSets(
    [{ file: example('table.csv'), declared: { kind: 'scale', scale: 'agency' } }],
    {
      columns: readColumnMap(example('table.columns.json')),
      scaleTables: [readScaleTable(example('agency.scale.json'))],
    },
  )
  expect(table.match(digestsOf('seized example 1'), 16n).hits[0]).toMatchObject({
    meaning: 'illegal',
    categoryLabel: 'First class',
  })
})
