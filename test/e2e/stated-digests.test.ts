import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { noise } from '../../fixtures/pictures.ts'
import { ad1, l01, listOf } from '../image/container/writers.ts'
import { exported, seized } from './seized.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-stated-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')

/** Path → attributes of stated digests, as code and the digest that is named. */
function statedOf(image: string): Record<string, string[]> {
  const ledger = `${image}.sqlite`
  const words = [
    '--case',
    'C',
    '--exhibit',
    'E',
    '--examiner',
    'X',
    '--ledger',
    ledger,
    '--phases',
    'inventory,known',
  ]
  const run = seized(['scan', image, ...words])
  expect([run.status, run.stderr.includes('bug')]).toEqual([0, false])
  expect(seized(['verify', ledger]).status).toBe(0)
  return Object.fromEntries(
    exported(ledger, folder)
      .filter(({ kind }) => kind === 'file')
      .map(({ path, attributes }) => [
        path.replace(/.* » /, ''),
        attributes
          .filter(({ code }: { code: string }) => code.startsWith('stated-digest'))
          .map(({ code, params }: { code: string; params: Record<string, string> }) =>
            [code, params.stated ?? params.digest ?? params.algorithm, params.computed]
              .filter(Boolean)
              .join(' '),
          ),
      ]),
  )
}

describe('digests that an image states of its contents', () => {
  it('stand in the ledger beside what was computed: agreement, conflict, and nothing where none is stated (L01)', () => {
    const [right, wrong] = [noise(1, 3000), noise(2, 3000)]
    const data = Buffer.concat([right, wrong, Buffer.alloc(32_768 - 6000)])
    const false5 = md5(right)
    const list = listOf(data.length, [
      { name: 'right.bin', cells: { ls: '3000', be: '1 0 bb8', ha: md5(right) } },
      { name: 'wrong.bin', cells: { ls: '3000', be: '1 bb8 bb8', ha: false5 } },
      { name: 'unstated.bin', cells: { ls: '100', be: '1 bb8 64' } },
    ])
    const image = join(folder, 'stated.L01')
    writeFileSync(image, l01(data, list))
    expect(statedOf(image)).toEqual({
      'right.bin': [`stated-digest ${md5(right)}`, 'stated-digest-agrees md5'],
      'wrong.bin': [`stated-digest ${false5}`, `stated-digest-differs ${false5} ${md5(wrong)}`],
      'unstated.bin': [],
    })
  })

  it('are compared for AD1 too', () => {
    const bytes = noise(3, 70_000)
    const image = join(folder, 'stated.ad1')
    writeFileSync(image, ad1([{ name: 'a.bin', data: bytes }])[0]!)
    expect(statedOf(image)).toEqual({ 'a.bin': [`stated-digest ${md5(bytes)}`, 'stated-digest-agrees md5'] })
  })
})
