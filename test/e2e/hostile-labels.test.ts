/** `model train --labels` refuses a table that cannot be used, with the line, and leaves no model. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { seized } from './seized.ts'

const folder = temporaryFolderForFile()
const at = (name: string) => join(folder, name)
const digests: string[] = []

beforeAll(async () => {
  mkdirSync(at('graded'))
  writeFileSync(at('secret'), 'a passphrase of a test\n')
  for (const seed of [1, 2]) {
    const bytes = await jpeg({ seed, width: 200, height: 150 })
    writeFileSync(at(`graded/${seed}.jpg`), bytes)
    digests.push(createHash('sha256').update(bytes).digest('hex'))
  }
})

const train = (table: string) => {
  writeFileSync(at('labels.csv'), table)
  return seized([
    ...['model', 'train', '--labels', at('labels.csv'), '--exhibit', at('graded'), '--out', at('own-x')],
    ...['--agency', 'Agency of a Test', '--examiner', 'A. Example', '--basis', 'order 5/2026'],
    ...['--passphrase-file', at('secret')],
  ])
}

describe('a hostile table', () => {
  const [unknown, head] = ['ab'.repeat(32), 'sha256,label,case\n']
  it.each([
    [
      'an unknown digest',
      () => `${head}${digests[0]},1,A\n${unknown},0,B\n`,
      `Line 3 of .*labels.csv: no file below --exhibit has the SHA-256 ${unknown}`,
    ],
    [
      'a contradiction',
      () => `path,label,case\n1.jpg,1,A\n2.jpg,0,A\n./1.jpg,0,B\n`,
      'Line 4 of .*labels.csv contradicts line 2 of .*labels.csv',
    ],
    [
      'a million rows',
      () => `${head}${`${unknown},1,A\n`.repeat(1_000_000)}`,
      'Line 50002 of .*labels.csv: a training takes at most 50000 contents',
    ],
    [
      'a path above the folder',
      () => 'path,label,case\n../secret,1,A\n',
      'Line 2 of .*labels.csv: the path must lie below',
    ],
    [
      'one label alone',
      () => `${head}${digests[0]},1,A\n${digests[1]},1,B\n`,
      'No head was trained: there are 2 positive and 0 negative contents',
    ],
  ])(
    'with %s is refused',
    (_, table, why) => {
      const ran = train(table())
      expect([ran.status, ran.stderr]).toEqual([2, expect.stringMatching(new RegExp(why))])
      expect(existsSync(at('own-x'))).toBe(false)
    },
    60_000,
  )
})
