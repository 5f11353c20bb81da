/** The comparison with a second reader sees what one of the two lacks, and a difference that is not the explained one. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { noise } from '../../fixtures/pictures.ts'
import { compared } from '../../scripts/corpora/compare.ts'
import { asExplained, type Sample } from '../../scripts/corpora/sample.ts'
import { tableOf } from '../../scripts/corpora/table.ts'
import { temporaryFolder } from '../e2e/seized.ts'

it.skipIf(!existsSync('/usr/bin/7z'))(
  'names what the other reader has alone, and calls a difference explained only by its numbers',
  () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'sample'))
    const file = join(folder, 'sample/two.zip')
    writeFileSync(file, zipSync({ 'a.bin': noise(1, 900), 'b.bin': noise(2, 900) }))
    const sample: Sample = {
      corpus: 'made',
      name: 'two.zip',
      sha256: '0'.repeat(64),
      is: 'ZIP',
      expected: { by: '7z' },
    }
    const both = compared(sample, file, folder)
    expect([both.expected, both.seen, both.missing, both.more]).toEqual([2, 2, [], []])
    expect([asExplained(both), asExplained({ ...both, missing: ['c.bin'] })]).toEqual([true, false])
    const explained = { ...sample, differs: { missing: 1, more: 0, why: 'a link is no file' } }
    expect(asExplained({ ...both, sample: explained, missing: ['c.bin'] })).toBe(true)
    expect(asExplained({ ...both, sample: explained })).toBe(false)
    expect(tableOf([{ ...both, sample: explained, missing: ['c.bin'] }])).toContain('| a link is no file |')
  },
)
