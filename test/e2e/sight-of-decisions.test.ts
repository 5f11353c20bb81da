/** A decision on what the person was not shown says so wherever the decision stands: on the page, in reports and in every export. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { openReview, reveals, shown } from './running-review.ts'
import { scanArgs, seized, summaryOf } from './seized.ts'

const folder = temporaryFolderForFile()
const exhibit = join(folder, 'exhibit')
const ledger = join(folder, 'case.sqlite')
const NAMES = ['listed.jpg', 'plain.jpg', 'seen.jpg', 'differing.jpg', 'imported.jpg'] as const
const digests = {} as Record<(typeof NAMES)[number], string>
const REVIEW = ['--scale', 'vics-us', '--pass', 'second', '--heads', join(folder, 'heads')]

const written = (format: string, ...more: string[]) => {
  const out = join(folder, `${format}${more.length}`)
  const { status, stderr } = seized(['report', ledger, '--format', format, '--out', out, ...more])
  expect([status, stderr.replace(/custody head.*\n/, '')]).toEqual([0, expect.any(String)])
  return readFileSync(out, 'utf8')
}

beforeAll(async () => {
  mkdirSync(exhibit)
  for (const [seed, name] of NAMES.entries()) {
    const bytes = await jpeg({ seed, width: 320, height: 240 })
    writeFileSync(join(exhibit, name), bytes)
    digests[name] = createHash('sha256').update(bytes).digest('hex')
  }
  const list = join(folder, 'list.txt')
  writeFileSync(
    list,
    `${createHash('md5')
      .update(readFileSync(join(exhibit, 'listed.jpg')))
      .digest('hex')}\n`,
  )
  summaryOf(seized(scanArgs(exhibit, ledger, [`illegal:${list}`], '--phases', 'inventory,known')))
})

it('is known while it is decided; what an earlier session showed counts, and a blur that there is not is not asked for', async () => {
  const at = { exhibit, args: ['--exhibit', exhibit, '--allow-writable-mount'] }
  const decide = (
    review: Awaited<ReturnType<typeof openReview>>,
    name: keyof typeof digests,
    category: string,
  ) =>
    review.post('decide', {
      act: 'decided',
      category,
      note: '',
      of: { contents: [digests[name]], count: 1 },
    })
  const pass = await openReview([
    ledger,
    ...REVIEW.map((one) => (one === 'second' ? 'first' : one)),
    '--operator',
    'A. Example',
  ])
  const eyes = NAMES.slice(0, 4).map((name) => digests[name])
  expect((await pass.post('eyes', { of: { contents: eyes, count: 4 } })).status).toBe(200)
  await pass.post('end', { by: 'ended' })
  await pass.ended
  const first = await openReview([ledger, ...REVIEW, '--operator', 'A. Example', ...at.args])
  expect(await (await decide(first, 'listed.jpg', '1')).json()).toMatchObject({
    decided: 1,
    unseen: { list: 1, unseen: 0 },
  })
  expect(await (await decide(first, 'plain.jpg', '0')).json()).toMatchObject({
    unseen: { list: 0, unseen: 1 },
  })
  await decide(first, 'differing.jpg', '0')
  const wanted = { sha256: digests['seen.jpg'], reason: 'unclear', words: '', colour: false, blur: 0 }
  await shown(await first.post('reveal', wanted))
  await first.post('hidden', { by: 'key' })
  await first.post('end', { by: 'ended' })
  await first.ended
  // In another session: the person saw it all the same.
  const again = await openReview([ledger, ...REVIEW, '--operator', 'A. Example', ...at.args])
  expect(await (await decide(again, 'seen.jpg', '0')).json()).toMatchObject({
    unseen: { list: 0, unseen: 0 },
  })
  const details = await (await again.post('details', { sha256: digests['listed.jpg'] })).json()
  expect(details).toMatchObject({ decisions: [{ what: 'decided 1', sight: 'list' }] })
  const asked = reveals(ledger).length
  const refused = await again.post('reveal', { ...wanted, blur: 9 })
  expect([refused.status, reveals(ledger).length]).toEqual([expect.any(Number), asked])
  expect(await refused.json()).toEqual({ refused: expect.stringContaining('no such blur') })
  await again.post('end', { by: 'ended' })
  await again.ended
  for (const [operator, name, category] of [
    ['B. Example', 'listed.jpg', '1'],
    ['B. Example', 'differing.jpg', '2'],
  ] as const) {
    const to = ['--sha256', digests[name], '--scale', 'vics-us', '--category', category]
    expect(seized(['decide', ledger, '--operator', operator, ...to]).status).toBe(0)
  }
  const grades = join(folder, 'grades.csv')
  const imported = readFileSync(join(exhibit, 'imported.jpg'))
  const [md5, sha1] = ['md5', 'sha1'].map((name) => createHash(name).update(imported).digest('hex'))
  writeFileSync(grades, `md5,sha1,category\n${md5},${sha1},0\n`)
  const taken = ['import', 'decisions', ledger, grades, '--scale', 'vics-us', '--operator', 'C. Example']
  const done = seized(taken)
  expect([done.status, done.stderr]).toEqual([0, expect.stringMatching(/^custody head/)])
})

describe('a decision without sight', () => {
  it('is said in JSONL, with whether persons agree', () => {
    const lines = written('jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const of = (name: string) => lines.find(({ path }) => path === name)
    const sights = (name: string) => of(name).decisions.map(({ sight }: { sight: string }) => sight)
    expect(NAMES.map((name) => [name, sights(name)])).toEqual([
      ['listed.jpg', ['list', 'list']],
      ['plain.jpg', ['unseen']],
      ['seen.jpg', ['grey']],
      ['differing.jpg', ['unseen', 'unseen']],
      ['imported.jpg', ['imported']],
    ])
    expect(of('listed.jpg').outcomes).toEqual([{ scale: 'vics-us', kind: 'agreed', category: '1' }])
    expect(of('differing.jpg').outcomes).toEqual([
      { scale: 'vics-us', kind: 'differing', categories: ['0', '2'] },
    ])
  })

  it.each([
    [
      'html',
      ['--edition', 'working'],
      [
        'persons agree',
        'persons differ, and nobody has settled it',
        'decided on a clear view of the content in grey',
        'graded in another tool and taken in',
      ],
    ],
    // What was graded not pertinent is a number there.
    [
      'html',
      ['--edition', 'court', '--language', 'en'],
      [
        'vics-us: agreed',
        'vics-us: they differ',
        '3 contents that are on no such list were graded not pertinent by persons; they are counted here and not listed. 1 of them was decided on without the program having shown anything of the content.',
      ],
    ],
  ] as const)('is said in %s %j, with whether persons agree', (format, more, outcomes) => {
    const text = written(format, ...more)
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ')
    for (const words of [
      'decided on the list’s word: the program did not show the content',
      'decided without seeing it: the program did not show the content',
      ...outcomes,
    ])
      expect(text).toContain(words)
  })

  it('is said in the decisions that are exported, and they are taken in as before', () => {
    const text = written('decisions')
    const [head, ...rows] = text
      .trim()
      .split('\r\n')
      .map((line) => line.split('","'))
    const [sight, sha256] = [head!.indexOf('sight'), 0]
    const said = rows.map((row) => [row[sha256]!.slice(1), row[sight]])
    expect(said).toContainEqual([digests['listed.jpg'], 'list'])
    expect(said).toContainEqual([digests['plain.jpg'], 'unseen'])
    expect(said).toContainEqual([digests['seen.jpg'], 'grey'])
  })

  it.each(['vics', 'case', 'cac'])('is said in %s', (format) => {
    const text = written(format)
    expect(text).toContain('decided on the list’s word')
    expect(text).toContain('decided without seeing it')
  })
})
