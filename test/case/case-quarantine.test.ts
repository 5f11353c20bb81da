/**
 * A content that one exhibit of a case holds in quarantine: closed on all of them, by the bytes of every output; but that a
 * list names it is counted and said everywhere.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ANDROID_MESSAGES_SCHEMA } from '../../fixtures/device/stores.ts'
import { seized as run, scanArgs } from '../e2e/seized.ts'
import { databaseOf } from '../formats/sample.ts'
import { temporaryFolderForFile, temporaryFolder as temporaryFolderForTest } from '../ledger/temporary.ts'
import { type Copies, caseOf, picture, remove, type Scanned, scanAll, stateIn } from './exhibits.ts'

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
  writeFileSync(list, `sha256\n${digests[1]}\n${digests[3]}\n`)
  writeFileSync(privileged, `sha256:${digests[1]}\nsha256:${digests[2]}\n`)
  // Pictures 1 and 2 lie on other exhibits too, and LTU-09 alone was examined with the list of privileged items.
  scanned = await scanAll([`illegal:${list}`], { 'LTU-09': ['--privileged', privileged] })
}, 120_000)
afterAll(() => remove(scanned))

/** Of picture 1, which a list names; of picture 2, which none names. */
const LISTED = { open: ['DCIM/a.jpg', 'backup/one.jpg', 'backup/again.jpg'], held: 'x/a-renamed.jpg' }
const UNLISTED = ['DCIM/b.jpg', 'x/b-renamed.jpg']
const CLOSED = '(place closed as privileged, content'
/** The same in the court's edition of other languages. */
const CLOSED_IN: Readonly<Record<string, string>> = {
  lt: '(vieta atskirta kaip saugoma profesinės paslapties, turinys',
  es: '(lugar apartado por secreto profesional, contenido',
}

function outputsOf({ dir, folder: own, seized }: Copies, suffix = '') {
  const written = (format: string, ...more: string[]) => {
    const out = join(own, `${more.at(-1) ?? format}${suffix}`)
    const made = seized('report', dir, '--format', format, '--out', out, ...more)
    expect([made.status, made.stderr]).toEqual([0, expect.any(String)])
    return { text: readFileSync(out, 'utf8'), said: made.stderr }
  }
  const [lt, es] = ['lt', 'es'].map((language) => written('html', '--language', language))
  const [vics, jsonl] = [written('vics'), written('jsonl')]
  return {
    said: vics.said,
    lt: lt!.text,
    es: es!.text,
    vics: vics.text,
    jsonl: jsonl.text,
    list: seized('case', 'list', dir).stdout,
    working: written('html', '--edition', 'working').text,
  }
}

it('stands in no report, VICS, search, list or summary of the case until it is released', () => {
  const copies = caseOf(scanned)
  const { seized, ledger } = copies
  const { said, ...closed } = outputsOf(copies)
  expect(said).toContain('1 content in quarantine on one exhibit and open on another: closed on all')
  const search = seized('search', copies.dir, 'jpg').stdout
  for (const [name, text] of Object.entries({ ...closed, search })) {
    expect([name, text.includes(digests[2]!)]).toEqual([name, false])
    for (const place of UNLISTED) expect([name, place, text.includes(place)]).toEqual([name, place, false])
  }
  // What is left out is said.
  expect(closed.lt).toContain('1 turinys viename tyrimo objekte atskirtas kaip saugoma profesinės paslapties')
  expect(closed.vics).toContain('left out: 1 content in quarantine')
  released(seized, ledger('LTU-09'), digests[2]!)
  const open = outputsOf(copies, '-after')
  for (const name of ['vics', 'jsonl'] as const) {
    expect(open[name]).toContain(digests[2])
    for (const place of UNLISTED) expect([name, open[name].includes(place)]).toEqual([name, true])
  }
  expect(open.vics).not.toContain('left out:')
}, 240_000)

it('of a content that a list names closes words and pictures, and never the fact', () => {
  const copies = caseOf(scanned)
  const { dir, seized, ledger } = copies
  const code = () => seized('summary', dir).status
  const sum = () => JSON.parse(seized('summary', dir, '--json').stdout.trim().split('\n').at(-1)!)
  const { said, ...closed } = outputsOf(copies)
  expect(said).toContain('1 content in quarantine that a list names: counted and listed by digest')
  for (const [name, text] of Object.entries(closed)) {
    expect([name, text.includes(digests[1]!)]).toEqual([name, true])
    // Its names where no list of privileged items closes them, and none where one does.
    for (const place of LISTED.open) expect([name, place, text.includes(place)]).toEqual([name, place, true])
    const said = text.includes(CLOSED_IN[name] ?? CLOSED)
    expect([name, text.includes(LISTED.held), said]).toEqual([name, false, true])
  }
  for (const text of [closed.lt, closed.es]) expect(text).not.toContain(CLOSED)
  expect(seized('search', dir, 'jpg').stdout).not.toContain('a-renamed')
  expect(closed.lt).toContain('1 į sąrašą įtrauktas turinys atskirtas kaip saugomas profesinės paslapties')
  expect(closed.es).toContain('1 contenido que figura en una lista está apartado por secreto profesional')
  expect(closed.vics).toContain('seized:closedListed')
  const media = JSON.parse(closed.vics).value[0].Media as { AlternativeHashes: { HashValue: string }[] }[]
  const own = media.find((one) =>
    one.AlternativeHashes.some(({ HashValue }) => HashValue === digests[1]),
  ) as unknown as {
    MediaFiles: { SourceID: string }[]
    Exifs: unknown[]
    AlternativeHashes: unknown[]
  }
  // Four places on three exhibits, the digest alone, no hash of how it looks.
  expect(own.MediaFiles.map(({ SourceID }) => SourceID).sort()).toEqual([
    'LTU-03',
    'LTU-07',
    'LTU-07',
    'LTU-09',
  ])
  expect([own.AlternativeHashes, own.Exifs]).toEqual([[expect.anything()], []])
  // The exit code and the totals are those that stand after the release.
  const before = { code: code(), sum: sum() }
  expect(before).toMatchObject({ code: 13, sum: { listed: 2, listedPlaces: 5, listedOnSeveral: 1 } })
  // One ledger by itself says it too.
  const alone = seized('report', ledger('LTU-09'), '--format', 'jsonl')
  expect([alone.stdout.includes(digests[1]!), alone.stdout.includes('a-renamed')]).toEqual([true, false])
  released(seized, ledger('LTU-09'), digests[1]!)
  const open = outputsOf(copies, '-after')
  for (const name of ['lt', 'es', 'vics', 'jsonl', 'list', 'working'] as const)
    expect([name, open[name].includes(LISTED.held), open[name].includes(CLOSED_IN[name] ?? CLOSED)]).toEqual([
      name,
      true,
      false,
    ])
  expect({ code: code(), sum: sum() }).toEqual(before)
}, 240_000)

it('gives no record to the timeline of the case, and its own ledger still does', () => {
  const own = temporaryFolderForTest()
  const store = databaseOf(
    ANDROID_MESSAGES_SCHEMA,
    `INSERT INTO sms (_id, thread_id, address, date, type, body) VALUES (1, 7, '+37060000006', ${Date.UTC(2026, 9, 14)}, 1, 'bring the thermos')`,
  )
  const privileged = join(own, 'counsel.txt')
  writeFileSync(privileged, `sha256:${createHash('sha256').update(store).digest('hex')}\n`)
  const ledgers = (['LTU-11', 'LTU-12'] as const).map((exhibit) => {
    const at = join(own, exhibit, 'data/user_de/0/com.android.providers.telephony/databases')
    mkdirSync(at, { recursive: true })
    writeFileSync(join(at, 'mmssms.db'), store)
    const path = join(own, `${exhibit}.sqlite`)
    const more = exhibit === 'LTU-12' ? ['--privileged', privileged] : []
    const args = scanArgs(join(own, exhibit), path, [], '--text', '--basis', 'warrant 7/2026', ...more)
    const named = args.map((one, i) => (args[i - 1] === '--exhibit' ? exhibit : one))
    expect([0, 3, 10, 13]).toContain(run(named, stateIn(own)).status)
    return path
  })
  const timeline = (...of: string[]) => run(['timeline', ...of, '--format', 'jsonl'], stateIn(own))
  const alone = timeline(ledgers[0]!)
  expect([alone.status, alone.stdout]).toEqual([0, expect.stringContaining('37060000006')])
  const together = timeline(...ledgers)
  expect([together.status, together.stdout]).toEqual([3, ''])
  expect(together.stderr).toContain('2 records of contents in quarantine left out')
}, 120_000)

function released(seized: Copies['seized'], ledger: string, item: string): void {
  const made = seized(
    ...['release', ledger, '--item', item, '--reason', 'the court released it', '--operator', 'L. Lead'],
  )
  expect([made.status, made.stdout]).toEqual([0, expect.stringContaining('1 entry released')])
}
