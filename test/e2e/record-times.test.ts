/** A record keeps all its times and digests: each time is a row of the timeline, and each digest is found by a list that comes later. */
import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { bencoded, microTorrentResume } from '../../fixtures/device/bencode.ts'
import { knownMet, partMet } from '../../fixtures/device/emule.ts'
import { RECENTLY_USED } from '../../fixtures/device/players.ts'
import { shortcutFile } from '../../fixtures/device/shortcut.ts'
import { digestsOf, ed2kDigest } from '../../src/hash/digest.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

const AT = 1_600_000_000
const GONE = Buffer.from('a drawing of a harbour\n'.repeat(50))
const OTHER = Buffer.from('a drawing of a bridge\n'.repeat(50))
const HERE = Buffer.from('a drawing of a lake\n'.repeat(50))
const ED2K = digestsOf(GONE, ed2kDigest()).ed2kRed!
const PIECES = Buffer.alloc(20, 3)

function put(root: string, path: string, bytes: Buffer | string): void {
  const at = join(root, path)
  mkdirSync(dirname(at), { recursive: true })
  writeFileSync(at, bytes)
}

function device(root: string): void {
  put(root, 'Users/x/lake.txt', HERE)
  put(
    root,
    'eMule/config/known.met',
    knownMet([
      {
        ed2k: ED2K,
        name: 'harbour-secret-name.txt',
        sizeBytes: GONE.length,
        modified: AT,
        lastShared: AT + 3_600,
        sentBytes: 5,
        accepted: 2,
      },
    ]),
  )
  put(
    root,
    'eMule/Temp/001.part.met',
    partMet({
      ed2k: 'cd'.repeat(16),
      name: 'part.txt',
      sizeBytes: 9,
      modified: AT + 10,
      lastSeenComplete: AT + 7_200,
    }),
  )
  put(
    root,
    'eMule/config/AC_SearchStrings.dat',
    Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from('boats of the lake\r\nsecond search\r\n', 'utf16le'),
    ]),
  )
  put(root, 'uTorrent/resume.dat', microTorrentResume())
  put(
    root,
    'Recent/lake.lnk',
    shortcutFile('C:\\Users\\x\\lake.txt', (AT + 60) * 1000, {
      createdMs: (AT - 86_400) * 1000,
      writtenMs: (AT - 3_600) * 1000,
    }),
  )
  put(root, '.local/share/recently-used.xbel', RECENTLY_USED)
  put(
    root,
    'down/other.torrent',
    bencoded({
      'creation date': AT,
      info: {
        length: OTHER.length,
        md5sum: Buffer.from(hash('md5', OTHER)),
        name: 'bridge-secret-name.txt',
        'piece length': 16_384,
        pieces: PIECES,
      },
    }),
  )
  put(
    root,
    'down/pieces.torrent',
    bencoded({
      info: { length: HERE.length, name: 'lake.txt', 'piece length': 16_384, pieces: PIECES },
    }),
  )
}

const KNOWN = ['--phases', 'inventory,known', '--workers', '1']
const TEXT = ['--text', '--basis', 'warrant 12/2026', '--workers', '1']

function scanned(name: string, ...more: string[]) {
  const folder = temporaryFolder()
  const root = join(folder, 'exhibit')
  device(root)
  const list = join(folder, 'none.txt')
  writeFileSync(list, `${'ab'.repeat(32)}\n`)
  const ledger = join(folder, `${name}.sqlite`)
  const scan = seized(scanArgs(root, ledger, [`illegal:${list}`], ...more))
  return { folder, ledger, scan }
}

interface Line {
  readonly record: string
  readonly datetime: string | null
  readonly timeIs: string | null
  readonly says: string
  readonly params: Record<string, unknown>
  readonly found: boolean | null
  readonly digest: string | null
}

function timelineOf(ledger: string): Line[] {
  const { status, stdout, stderr } = seized(['timeline', ledger, '--format', 'jsonl'])
  // 3: it has no row.
  expect([0, 3], stderr).toContain(status)
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

const after = (seconds: number) => new Date((AT + seconds) * 1000).toISOString().slice(0, 19)

it('each time that eMule, torrents, shortcuts and recent lists keep is a row of its own, with what it is', () => {
  const { ledger, scan } = scanned('text', ...TEXT)
  expect(summaryOf(scan).exitCode).toBeTypeOf('number')
  const rows = timelineOf(ledger)
  const of = (record: string) =>
    rows.filter((row) => row.record === record).map((row) => [row.datetime?.slice(0, 19) ?? null, row.timeIs])
  expect(of('emule-known')).toEqual([
    [after(0), 'modified'],
    [after(3_600), 'last-shared'],
  ])
  expect(of('emule-part')).toEqual([
    [after(10), 'modified'],
    [after(7_200), 'last-seen-complete'],
  ])
  expect(of('torrent-download')).toEqual([
    [after(0), 'added'],
    [after(500), 'completed'],
  ])
  expect(of('shortcut')).toEqual([
    [after(-86_400), 'created'],
    [after(-3_600), 'written'],
    [after(60), 'accessed'],
  ])
  // Two programs and a bookmark that none opened; what is the same time is one row.
  expect(of('file-opened')).toEqual([
    ['2020-09-13T12:26:40', 'opened'],
    ['2020-09-13T12:26:40', 'added'],
    ['2020-09-13T12:26:40', 'added'],
    ['2020-09-13T12:26:41', 'modified,opened,visited'],
    ['2020-09-13T12:26:41', 'modified,visited'],
    ['2020-09-13T12:26:42', 'modified,added,visited'],
  ])
  expect(rows.find((row) => row.timeIs === 'last-shared')!.says).toContain('(this time: last shared)')
  expect(seized(['verify', ledger]).status).toBe(0)
  // Every one of them stands in a period that names it alone.
  const period = seized([
    ...['timeline', ledger, '--format', 'jsonl', '--from', `${after(7_000)}Z`, '--to', `${after(7_300)}Z`],
  ])
  expect(period.stdout).toContain('last-seen-complete')
})

it('what was typed into the search of eMule is read, on the basis for text alone', () => {
  const { ledger } = scanned('text', ...TEXT)
  const words = timelineOf(ledger).filter((row) => row.record === 'words-searched')
  expect(words.map((row) => row.params.words)).toEqual(['boats of the lake', 'second search'])
  expect(words[0]!.says).toContain('eMule')
  const without = scanned('known', ...KNOWN)
  expect(timelineOf(without.ledger)).toEqual([])
  expect(readFileSync(without.ledger).includes('boats of the lake')).toBe(false)
})

it.each([
  ['without a basis for text', KNOWN],
  ['on a basis for text', TEXT],
])(
  'digests that no list named are kept %s, and a rematch with a newer list finds them without the exhibit',
  (_, how) => {
    const { folder, ledger } = scanned('case', ...how)
    if (how === KNOWN)
      // Digests and times alone: no name of a file that a record speaks of.
      for (const name of ['harbour-secret-name', 'bridge-secret-name'])
        expect([name, readFileSync(ledger).includes(name)]).toEqual([name, false])
    const list = join(folder, 'newer.csv')
    writeFileSync(list, `md5\n${hash('md5', OTHER)}\n`)
    const ed2k = join(folder, 'newer-ed2k.csv')
    writeFileSync(ed2k, `ed2k\n${ED2K}\n`)
    const made = join(folder, 'rematched.sqlite')
    const lists = ['--hashset', `illegal:${list}`, '--hashset', `illegal:${ed2k}`]
    const run = seized(['rematch', ledger, '--ledger', made, ...lists])
    expect([run.stderr, run.stdout]).toEqual([run.stderr, expect.stringContaining('ADDED')])
    expect(seized(['verify', made]).status).toBe(0)
    const named = timelineOf(made).filter((row) => row.digest !== null)
    expect(new Set(named.map((row) => row.digest))).toEqual(
      new Set([`md5:${hash('md5', OTHER)}`, `ed2k:${ED2K}`]),
    )
    // With all their times, as the scan would have recorded them.
    expect(named.filter((row) => row.digest!.startsWith('ed2k')).map((row) => row.timeIs)).toEqual([
      'modified',
      'last-shared',
    ])
    const stages = new Map(
      exported(made, folder).map((one) => [one.path, one.stages['records-read']] as const),
    )
    expect(stages.get('eMule/config/known.met')).toMatchObject({ result: 'done' })
    expect(stages.get('down/other.torrent')).toMatchObject({ result: 'done' })

    // Back to the first list, nothing is lost: it is found again.
    const [back, again] = [join(folder, 'back.sqlite'), join(folder, 'again.sqlite')]
    const none = ['--hashset', `illegal:${join(folder, 'none.txt')}`]
    expect(seized(['rematch', made, '--ledger', back, ...none]).stdout).toContain('REMOVED')
    expect(seized(['rematch', back, '--ledger', again, ...lists]).stdout).toContain('ADDED')
  },
)

it('a record that names stretches alone, of a content that a newer list holds, is said to need the exhibit', () => {
  const { folder, ledger } = scanned('case', ...KNOWN)
  const list = join(folder, 'newer.txt')
  writeFileSync(list, `${hash('sha256', HERE)}\n`)
  const made = join(folder, 'rematched.sqlite')
  expect(seized(['rematch', ledger, '--ledger', made, '--hashset', `illegal:${list}`]).status).toBe(13)
  const row = exported(made, folder).find((one) => one.path === 'down/pieces.torrent')
  expect(row.stages['records-read']).toMatchObject({ result: 'not-done', reason: 'needs-exhibit' })
})
