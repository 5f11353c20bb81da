/** docs/evidence/nothing-false.md names a test for each point of issue 12: each is there, under that name. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PROGRAM_ROOT } from '../src/base/version.ts'

const read = (path: string) => readFileSync(join(PROGRAM_ROOT, path), 'utf8')
const rows = read('docs/evidence/nothing-false.md')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, , , where]) => where?.startsWith('`'))

it('every point of issue 12 has one', () => {
  const points = new Set(rows.map(([, point]) => point))
  for (const point of [
    ...Array.from({ length: 6 }, (_, i) => `A${i + 1}`),
    ...Array.from({ length: 6 }, (_, i) => `B${i + 7}`),
    ...Array.from({ length: 3 }, (_, i) => `C${i + 13}`),
    ...Array.from({ length: 3 }, (_, i) => `D${i + 16}`),
    ...Array.from({ length: 3 }, (_, i) => `E${i + 19}`),
  ])
    expect(points).toContain(point)
})

it.each(rows.map(([, point = '', , where = '', name = '']) => [where.slice(1, -1), name, point]))(
  '%s has %j',
  (where, name) => {
    expect(read(where).replace(/\s+/g, ' ').replaceAll("\\'", "'").toLowerCase()).toContain(
      name.toLowerCase(),
    )
  },
)
