/** A picture of which only the first part is there is never given as whole: scan → ledger → report and court's edition. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { fatVolume } from '../../fixtures/cftt/fat.ts'
import { noise } from '../../fixtures/pictures.ts'
import { exported, seized, temporaryFolder } from './seized.ts'

const CLUSTER = 512
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Where noise behind the border is found to be none of the picture's, at most: a few hundred bytes. */
const LATER_CLUSTERS = 3

it.each([
  { what: 'sequential', options: { quality: 88 }, rows: /decodes to row (\d+) of 320;/ },
  {
    what: 'progressive',
    options: { quality: 88, progressive: true },
    rows: /decodes to row (\d+) of 320( in its scan \d+)?;/,
  },
])('says of a $what picture that goes over into another how far it decodes', async ({ options, rows }) => {
  const folder = temporaryFolder()
  const picture = (seed: number) =>
    sharp(noise(seed, 300 * 320 * 3), { raw: { width: 300, height: 320, channels: 3 } })
      .jpeg(options)
      .toBuffer()
  const [first, other] = [await picture(1), await picture(2)]
  const border = 40 * CLUSTER
  const image = fatVolume(16, [
    [{ do: 'write', path: 'first.jpg', content: first }],
    [{ do: 'remove', path: 'first.jpg' }],
  ])
  const at = image.indexOf(first.subarray(0, 64))
  other.copy(image, at + border, border)
  image.fill(0, at + other.length, at + Math.max(first.length, other.length) + CLUSTER)
  writeFileSync(join(folder, 'v.dd'), image)
  const exact = (ledger: string, ...lists: string[]) => {
    const who = [
      '--case',
      'C',
      '--exhibit',
      'E',
      '--examiner',
      'X',
      '--progress',
      'json',
      '--remains',
      'carve',
    ]
    const args = ['--phases', 'inventory,known', ...lists, '--ledger', join(folder, ledger)]
    return seized(['scan', join(folder, 'v.dd'), ...who, ...args])
  }
  expect(exact('a.sqlite', '--hashset', `illegal:${emptyList(folder)}`).status).toBe(0)
  const carved = exported(join(folder, 'a.sqlite'), folder).filter(
    ({ onImage }) => onImage?.status === 'carved',
  )
  const [part] = carved
  const named = exported(join(folder, 'a.sqlite'), folder).find(({ path }) => path.includes('first.jpg'))
  expect(named.attributes.map(({ code }: { code: string }) => code)).toEqual(['decodes-in-part'])
  expect(carved.length).toBe(1)
  const fragment = part.attributes.find(({ code }: { code: string }) => code === 'fragment').params
  expect(fragment.ofRows).toBe(320)
  expect(fragment.rows).toBeLessThan(320)
  expect(part.sizeBytes % CLUSTER).toBe(0)
  expect(part.sizeBytes).toBeGreaterThanOrEqual(border)
  expect(part.sizeBytes).toBeLessThanOrEqual(border + LATER_CLUSTERS * CLUSTER)
  expect(part.sha256).toBe(sha256(image.subarray(at, at + part.sizeBytes)))

  // On a list it is a hit as any content: beside it stands that it is a part.
  // A list of digests alone: a list that says how its contents begin would find it by that.
  const list = join(folder, 'list.txt')
  writeFileSync(list, `${sha256(image.subarray(at, at + part.sizeBytes))}\n`)
  expect(exact('b.sqlite', '--hashset', `illegal:${list}`).status).toBe(10)
  const words = (name: string, ...more: string[]) => {
    const out = join(folder, name)
    const ran = seized(['report', join(folder, 'b.sqlite'), '--format', 'html', '--out', out, ...more])
    expect(ran.status, ran.stderr).toBe(0)
    return readFileSync(out, 'utf8')
  }
  const html = words('report.html')
  expect(html).toContain('a fragment, not a whole file')
  expect(rows.exec(html)?.[1]).toBe(String(fragment.rows))
  expect(words('court.html', '--edition', 'court', '--language', 'lt')).toContain('nutrūkstantis fragmentas')
})

/** Of a content that is nowhere. */
function emptyList(folder: string): string {
  const holdings = join(folder, 'absent')
  mkdirSync(holdings)
  writeFileSync(join(holdings, 'absent'), noise(99, 5000))
  const list = join(folder, 'absent.csv')
  seized(['hashset', 'from-folder', holdings, '--out', list])
  return list
}
