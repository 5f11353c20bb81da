/** A content that one exhibit of a case holds in quarantine: closed on all of them, by the bytes of every output. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { caseOf, picture, remove, type Scanned, scanAll } from './exhibits.ts'

const folder = temporaryFolderForFile()
const digests: string[] = []
let scanned: Scanned
beforeAll(async () => {
  for (const seed of [0, 1, 2, 3, 4])
    digests.push(
      createHash('sha256')
        .update(await picture(seed))
        .digest('hex'),
    )
  const [list, privileged] = [join(folder, 'list.csv'), join(folder, 'counsel.txt')]
  writeFileSync(list, `sha256\n${digests[1]}\n${digests[2]}\n`)
  writeFileSync(privileged, `sha256:${digests[1]}\n`)
  // Picture 1 lies on all three exhibits, and LTU-09 alone was examined with the list of privileged items.
  scanned = await scanAll([`illegal:${list}`], { 'LTU-09': ['--privileged', privileged] })
}, 120_000)
afterAll(() => remove(scanned))

const PLACES = ['DCIM/a.jpg', 'backup/one.jpg', 'backup/again.jpg', 'x/a-renamed.jpg']

it('stands in no report, VICS, search, list or summary of the case until it is released', () => {
  const { dir, folder: own, seized, ledger } = caseOf(scanned)
  const written = (format: string, name: string, ...more: string[]) => {
    const out = join(own, name)
    const made = seized('report', dir, '--format', format, '--out', out, ...more)
    expect([made.status, made.stderr.includes('closed on all exhibits')]).toEqual([
      0,
      name.includes('after') === false,
    ])
    return readFileSync(out, 'utf8')
  }
  const all = (suffix: string) => ({
    html: written('html', `case${suffix}.html`, '--language', 'lt'),
    vics: written('vics', `case${suffix}.json`),
    jsonl: written('jsonl', `case${suffix}.jsonl`),
    list: seized('case', 'list', dir).stdout,
    search: seized('search', dir, 'jpg').stdout,
  })
  const closed = all('')
  for (const [name, text] of Object.entries(closed)) {
    expect([name, text.includes(digests[1]!)]).toEqual([name, false])
    for (const place of PLACES) expect([name, place, text.includes(place)]).toEqual([name, place, false])
  }
  for (const name of ['html', 'vics', 'jsonl', 'list'] as const) expect(closed[name]).toContain(digests[2])
  // What is left out is said, and the other content is counted alone.
  expect(closed.html).toContain(
    '1 turinys viename tyrimo objekte atskirtas kaip saugoma profesinės paslapties',
  )
  expect(closed.vics).toContain('left out: 1 content in quarantine')
  const summary = seized('summary', dir, '--json').stdout.trim().split('\n').at(-1)!
  expect(JSON.parse(summary)).toMatchObject({ event: 'case', listed: 1 })

  const released = seized(
    ...[
      'release',
      ledger('LTU-09'),
      '--item',
      digests[1]!,
      '--reason',
      'the court released it',
      '--operator',
      'L. Lead',
    ],
  )
  expect([released.status, released.stdout]).toEqual([0, expect.stringContaining('1 entry released')])
  const open = all('-after')
  for (const name of ['html', 'vics', 'jsonl', 'list'] as const) {
    expect(open[name]).toContain(digests[1])
    for (const place of PLACES) expect([name, open[name].includes(place)]).toEqual([name, true])
  }
  expect(open.html).not.toContain('atskirtas kaip saugoma')
  expect(open.vics).not.toContain('seized:closed')
}, 240_000)
