import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, describe, expect, it } from 'vitest'
import { noise } from '../../fixtures/pictures.ts'
import { aff4Logical } from '../image/container/aff4-logical-writer.ts'
import { ad1, l01, listOf } from '../image/container/writers.ts'
import { drawn } from '../whole.ts'
import { exported, scanArgs, seized } from './seized.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-stated-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')

/** Path → attributes of stated digests, as code and the digest that is named. */
function statedOf(image: string, list?: string): Record<string, string[]> {
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
  const lists = list === undefined ? [] : ['--hashset', `illegal:${list}`]
  const run = seized(['scan', image, ...words, ...lists])
  const complete = list === undefined ? [0, 3] : [10, 13]
  expect([complete.includes(run.status!), run.stderr.includes('bug')]).toEqual([true, false])
  expect(seized(['verify', ledger]).status).toBe(0)
  return Object.fromEntries(
    exported(ledger, folder)
      .filter(({ kind }) => kind === 'file')
      .map(({ path, attributes }) => [
        path.replace(/ » record .*/, ' (deleted)').replace(/.* » /, ''),
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

interface StoredReference {
  readonly algorithm: string
  readonly digest: string
  readonly hashSet: string
  readonly meaning: string
  readonly record: { readonly code: string; readonly params: { readonly path: string; readonly by?: string } }
  readonly found: boolean
}

/** Last name → references as they stand in JSON lines. */
function referencesOf(ledger: string): Record<string, string[]> {
  return Object.fromEntries(
    exported(ledger, folder)
      .filter(({ references }) => references?.length > 0)
      .map(({ path, references }) => [
        path.replace(/.* » /, ''),
        references.map((one: StoredReference) =>
          [
            one.algorithm,
            one.digest,
            one.hashSet.replace(/.*\//, '').replace('.csv', ''),
            one.meaning,
            one.record.code,
            one.record.params.path,
            one.record.params.by,
            one.found,
          ].join(' '),
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

  it.each(drawn(['deflate', 'stored', 'stream', 'blocks'] as const, 0, 2))(
    'are compared for AFF4-L, and one that differs is a reference where a list has it (%s)',
    (how) => {
      const [right, wrong] = [noise(11, 70_000), noise(12, 40_000)]
      const listed = md5(noise(13, 10))
      const image = join(folder, `${how}.aff4`)
      writeFileSync(
        image,
        aff4Logical([
          { path: '/DCIM/right.bin', data: right, how },
          { path: 'C:\\Users\\A\\wrong.bin', data: wrong, how, digests: { MD5: listed } },
          { path: '/unstated.bin', data: Buffer.from('neutral'), how, digests: {} },
        ]),
      )
      const list = join(folder, `${how}.csv`)
      writeFileSync(list, `md5\n${listed}\n`)
      const stated = statedOf(image, list)
      expect(stated['C:/Users/A/wrong.bin']).toEqual([
        `stated-digest ${listed}`,
        `stated-digest-differs ${listed} ${md5(wrong)}`,
      ])
      expect(stated['unstated.bin']).toEqual([])
      expect(stated['DCIM/right.bin']).toContain('stated-digest-agrees md5')
      expect(referencesOf(`${image}.sqlite`)['C:/Users/A/wrong.bin']).toHaveLength(1)
    },
  )

  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

  it('are compared for UFDR: paths of the phone, digests of the report, what was deleted there', () => {
    const [one, two] = [noise(4, 5000), noise(5, 5000)]
    const file = (path: string, local: string, items: string, more = '') =>
      `<file fs="data" path="${path}" size="5000" ${more}><metadata section="File"><item name="Local Path"><![CDATA[${local}]]></item>${items}</metadata></file>`
    const report = `<?xml version="1.0" encoding="utf-8"?><project id="x" xmlns="http://pa.cellebrite.com/report/2.0"><taggedFiles>${file(
      '/data/media/0/DCIM/Camera/IMG_1 &amp; 2.jpg',
      'files\\Image\\a.jpg',
      `<item name="SHA256">${sha256(one).toUpperCase()}</item><item name="MD5">${md5(one)}</item>`,
    )}${file('/data/gone.jpg', 'files\\Image\\b.jpg', `<item name="MD5">${md5(one)}</item>`, 'deleted="Deleted"')}</taggedFiles></project>`
    const image = join(folder, 'phone.ufdr')
    const members = { 'files/Image/a.jpg': one, 'files/Image/b.jpg': two, 'report.xml': Buffer.from(report) }
    writeFileSync(image, zipSync(members, { level: 6 }))
    expect(statedOf(image)).toEqual({
      'files/Image/a.jpg': [
        `stated-digest ${md5(one)}`,
        `stated-digest ${sha256(one)}`,
        'stated-digest-agrees md5',
        'stated-digest-agrees sha256',
      ],
      'files/Image/b.jpg (deleted)': [
        `stated-digest ${md5(one)}`,
        `stated-digest-differs ${md5(one)} ${md5(two)}`,
      ],
      'report.xml': [],
    })
    const [first, second] = exported(`${image}.sqlite`, folder).filter(({ kind }) => kind === 'file')
    expect(first.attributes).toContainEqual({
      code: 'original-path',
      params: { path: '/data/media/0/DCIM/Camera/IMG_1 & 2.jpg', by: 'extraction-report' },
    })
    expect(second.onImage.status).toBe('deleted')
    expect(
      seized(['report', `${image}.sqlite`, '--format', 'html', '--out', join(folder, 'r.html')]).status,
    ).toBe(0)
  })

  it('of a UFDR that a list holds are one reference each, also where no entry is in the archive', () => {
    const [here, gone, never] = [noise(41, 3000), noise(42, 3000), noise(43, 3000)]
    const file = (path: string, local: string, digest: string) =>
      `<file fs="data" path="${path}" size="3000"><metadata section="File">${local === '' ? '' : `<item name="Local Path">${local}</item>`}<item name="MD5">${digest}</item></metadata></file>`
    const report = `<?xml version="1.0" encoding="utf-8"?><project id="x" xmlns="http://pa.cellebrite.com/report/2.0"><taggedFiles>${file('/data/a.jpg', 'files\\Image\\a.jpg', md5(gone))}${file('/data/never.jpg', '', md5(never))}</taggedFiles></project>`
    const image = join(folder, 'once.ufdr')
    writeFileSync(
      image,
      zipSync({ 'files/Image/a.jpg': here, 'report.xml': Buffer.from(report) }, { level: 6 }),
    )
    const listed = join(folder, 'once.csv')
    writeFileSync(listed, `md5\n${md5(gone)}\n${md5(never)}\n`)
    const ledger = `${image}.sqlite`
    statedOf(image, listed)
    const told = seized(['timeline', ledger, '--format', 'jsonl'])
      .stdout.split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    expect(
      told.map(({ path, record, digest }) => [path.replace(/.* » /, ''), record, digest].join(' ')).sort(),
    ).toEqual([
      `files/Image/a.jpg reported-file md5:${md5(gone)}`,
      `report.xml reported-file md5:${md5(never)}`,
    ])
  })

  it('are compared with the lists where the content is another or is not there, and nowhere else', () => {
    const [right, wrong, gone] = [noise(11, 3000), noise(12, 3000), noise(13, 3000)]
    const data = Buffer.concat([right, wrong, Buffer.alloc(32_768 - 6000)])
    const listed = join(folder, 'listed.csv')
    writeFileSync(listed, `md5\n${md5(gone)}\n`)
    const image = join(folder, 'listed.L01')
    const files = [
      { name: 'right.bin', cells: { ls: '3000', be: '1 0 bb8', ha: md5(right) } },
      { name: 'wrong.bin', cells: { ls: '3000', be: '1 bb8 bb8', ha: md5(gone) } },
      { name: 'gone.bin', cells: { ls: '3000', be: '', ha: md5(gone) } },
    ]
    writeFileSync(image, l01(data, listOf(data.length, files)))
    expect(statedOf(image, listed)).toEqual({
      'right.bin': [`stated-digest ${md5(right)}`, 'stated-digest-agrees md5'],
      'wrong.bin': [`stated-digest ${md5(gone)}`, `stated-digest-differs ${md5(gone)} ${md5(wrong)}`],
      'gone.bin': [`stated-digest ${md5(gone)}`],
    })
    const ledger = `${image}.sqlite`
    const named = (file: string) =>
      `md5 ${md5(gone)} listed illegal reported-file ${file} logical-image false`
    expect(referencesOf(ledger)).toEqual({
      'wrong.bin': [named('wrong.bin')],
      'gone.bin': [named('gone.bin')],
    })
    // Counted like other references: one content, and one name that has none.
    expect(seized(['summary', ledger]).stdout).toMatch(/contents with references +2/)
    const lines = seized(['timeline', ledger, '--format', 'jsonl']).stdout.split('\n').filter(Boolean)
    expect(
      lines
        .map((line) => JSON.parse(line))
        .map(({ path, record, digest, sha256 }) => [path, record, digest, sha256]),
    ).toEqual([
      [expect.stringContaining('gone.bin'), 'reported-file', `md5:${md5(gone)}`, null],
      [expect.stringContaining('wrong.bin'), 'reported-file', `md5:${md5(gone)}`, sha256(wrong)],
    ])
    expect(seized(['report', ledger, '--format', 'html', '--out', join(folder, 'listed.html')]).status).toBe(
      0,
    )
    // Of other lists other files are: the one that is here by another name is found, the other is no longer named.
    const other = join(folder, 'other.csv')
    writeFileSync(other, `md5\n${md5(wrong)}\n`)
    const again = ['rematch', ledger, '--ledger', `${image}-other.sqlite`, '--hashset', `illegal:${other}`]
    expect(seized(again).status).toBe(13)
    expect(referencesOf(`${image}-other.sqlite`)).toEqual({})
    const same = ['rematch', ledger, '--ledger', `${image}-same.sqlite`, '--hashset', `illegal:${listed}`]
    expect(seized(same).status).toBe(13)
    expect(referencesOf(`${image}-same.sqlite`)).toEqual(referencesOf(ledger))
    expect(seized(['search', ledger, 'hit:listed']).stdout).toContain('gone.bin')
  })

  it('of an image that lies as a file on the exhibit are references where a list holds them', () => {
    const exhibit = join(folder, 'disk')
    mkdirSync(exhibit)
    const [here, gone, other] = [noise(21, 3000), noise(22, 3000), noise(23, 3000)]
    const data = Buffer.concat([here, gone, Buffer.alloc(32_768 - 6000)])
    const files = [
      { name: 'here.bin', cells: { ls: '3000', be: '1 0 bb8', ha: md5(here) } },
      { name: 'gone.bin', cells: { ls: '3000', be: '1 bb8 bb8', ha: md5(gone) } },
    ]
    writeFileSync(join(exhibit, 'case.L01'), l01(data, listOf(data.length, files)))
    writeFileSync(join(exhibit, 'case.ad1'), ad1([{ name: 'other.bin', data: other }])[0]!)
    writeFileSync(join(exhibit, 'here.bin'), here)
    const listed = join(folder, 'all.csv')
    writeFileSync(listed, `md5\n${[here, gone, other].map(md5).join('\n')}\n`)
    const ledger = join(folder, 'disk.sqlite')
    const asked = ['--phases', 'inventory,known']
    expect(seized(scanArgs(exhibit, ledger, [`illegal:${listed}`], ...asked)).status).toBe(13)
    const told = seized(['timeline', ledger, '--format', 'jsonl'])
      .stdout.split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    expect(
      told.map(({ path, record, found, digest }) => [path, record, found, digest].join(' ')).sort(),
    ).toEqual([
      `case.L01 reported-file false md5:${md5(gone)}`,
      `case.ad1 reported-file false md5:${md5(other)}`,
    ])
  })

  it('are compared for AD1 too', () => {
    const bytes = noise(3, 70_000)
    const image = join(folder, 'stated.ad1')
    writeFileSync(image, ad1([{ name: 'a.bin', data: bytes }])[0]!)
    expect(statedOf(image)).toEqual({ 'a.bin': [`stated-digest ${md5(bytes)}`, 'stated-digest-agrees md5'] })
  })
})
