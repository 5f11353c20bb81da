/**
 * Words in slack and in unallocated space, on volumes of the systems' own mkfs: `search` finds them with their place, only where text
 * was asked for on a legal basis. Scan → ledger → search and report.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { noise } from '../../fixtures/pictures.ts'
import { hasTools, run } from '../image/volume.ts'
import { WHOLE } from '../whole.ts'
import { exported, seized, summaryOf, temporaryFolder } from './seized.ts'

const CLUSTER = 4096
/** Longer than a record of NTFS holds, and of a length that leaves slack in the last cluster. */
const LIVE = Buffer.alloc(CLUSTER + 333, 'the live file\n')
const LITHUANIAN = 'Prižiūrėtojas kas vakarą rašė apie orą ir laivus, kurie plaukė pro šalį. '
const RUSSIAN = 'Смотритель каждый вечер писал о погоде и о кораблях, которые шли мимо. '

interface Made {
  readonly of: string
  readonly tools: readonly string[]
  /** Makes the volume `v` with the live file `live.txt` in the folder. */
  readonly make: (folder: string) => void
  readonly slack: readonly [encoding: string, text: string]
  readonly free: readonly [encoding: string, text: string]
}

const VOLUMES: readonly Made[] = [
  {
    of: 'FAT16',
    tools: ['mkfs.fat', 'mcopy'],
    make: (folder) => {
      run('mkfs.fat', ['-F', '16', '-s', '8', '-C', join(folder, 'v'), '40960'])
      run('mcopy', ['-i', join(folder, 'v'), join(folder, 'live.txt'), '::LIVE.TXT'])
    },
    slack: ['utf8', LITHUANIAN],
    free: ['win1251', RUSSIAN],
  },
  {
    of: 'NTFS',
    tools: ['mkntfs', 'ntfscp'],
    make: (folder) => {
      writeFileSync(join(folder, 'v'), Buffer.alloc(16 << 20))
      run('mkntfs', ['-F', '-Q', '-q', join(folder, 'v')])
      run('ntfscp', [join(folder, 'v'), join(folder, 'live.txt'), 'live.txt'])
    },
    slack: ['utf16le', LITHUANIAN],
    free: ['utf8', RUSSIAN],
  },
  {
    of: 'ext4',
    tools: ['mke2fs'],
    make: (folder) => {
      run('mkdir', [join(folder, 'files')])
      run('cp', [join(folder, 'live.txt'), join(folder, 'files')])
      run('mke2fs', ['-q', '-t', 'ext4', '-b', '4096', '-d', join(folder, 'files'), join(folder, 'v'), '16M'])
    },
    slack: ['win1257', LITHUANIAN],
    free: ['utf16be', RUSSIAN],
  },
]

/** Plants a text behind the end of the live file, and one in free clusters. */
function planted({ make, slack, free }: Made) {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'live.txt'), LIVE)
  make(folder)
  const image = readFileSync(join(folder, 'v'))
  const inSlack = image.indexOf(LIVE) + LIVE.length
  const cluster = Math.floor((image.length * 3) / 4 / CLUSTER) * CLUSTER
  expect(image.subarray(cluster, cluster + 2 * CLUSTER).every((byte) => byte === 0)).toBe(true)
  const inFree = cluster + 130
  iconv.encode(` ${slack[1].repeat(3)} uostamiestis `, slack[0]).copy(image, inSlack + 40)
  iconv.encode(`${free[1].repeat(3)} пристань `, free[0]).copy(image, inFree)
  writeFileSync(join(folder, 'v'), image)
  return { folder, inSlack: inSlack + 40, inFree, image }
}

function scan(folder: string, ledger: string, ...more: string[]): string {
  const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--progress', 'json', '--workers', '1']
  const path = join(folder, ledger)
  const ran = seized(['scan', join(folder, 'v'), ...who, '--remains', 'carve', ...more, '--ledger', path])
  expect([0, 3], ran.stderr).toContain(ran.status)
  expect(seized(['verify', path]).status).toBe(0)
  return path
}

const TEXT = ['--text', '--basis', 'warrant 1']
const textRuns = (ledger: string, folder: string) =>
  exported(ledger, folder).filter(({ attributes }) =>
    attributes.some(({ code }: { code: string }) => code === 'text-run'),
  )

describe.each(VOLUMES)('text without a live file on $of', (made) => {
  it.skipIf(!hasTools(...made.tools))('is found by search with its place, and only on a legal basis', () => {
    const { folder, inSlack, inFree } = planted(made)
    const ledger = scan(folder, 'text.sqlite', ...TEXT)
    for (const word of ['uostamiestis', 'пристань']) {
      const found = seized(['search', ledger, word])
      expect(found.status, `${word}: ${found.stdout}${found.stderr}`).toBe(0)
      expect(found.stdout).toContain(word === 'пристань' ? 'unallocated' : 'slack')
    }
    const runs = textRuns(ledger, folder)
    expect(runs.length).toBe(2)
    const [slack, free] = ['slack', 'unallocated'].map((where) =>
      runs.find(({ path }) => path.includes(`» ${where} `)),
    )
    const offsetOf = ({ path }: { path: string }) => Number(/(\d+)$/.exec(path)?.[1])
    // A run may begin with the space before its first word, or a byte before it in UTF-16.
    expect(Math.abs(offsetOf(slack) - inSlack)).toBeLessThanOrEqual(2)
    expect(Math.abs(offsetOf(free) - inFree)).toBeLessThanOrEqual(2)
    const params = (one: typeof slack) =>
      one.attributes.find(({ code }: { code: string }) => code === 'text-run').params
    expect(params(slack).ofRecord).toBeGreaterThan(0)
    expect(params(free).ofRecord).toBeUndefined()
    if (made.of !== 'FAT16') expect(params(free).cluster).toBe(Math.floor(inFree / CLUSTER))

    const html = join(folder, 'r.html')
    expect(seized(['report', ledger, '--format', 'html', '--out', html]).status).toBe(0)
    expect(readFileSync(html, 'utf8')).toContain('were also searched for runs of text')

    expect(readFileSync(html, 'utf8')).toContain(
      'for the beginnings of listed contents and for runs of text alone',
    )
    // Runs of text are no files that were deleted.
    expect(seized(['summary', ledger]).stdout).not.toMatch(/deleted, recovered/)

    // On one volume in an ordinary run, with SEIZED_WHOLE=1 on each.
    if (WHOLE || made === VOLUMES[0]) {
      const again = scan(folder, 'again.sqlite', ...TEXT, '--workers', '2')
      const digests = (path: string) => {
        const { evidenceDigest, analysisDigest } = summaryOf(seized(['summary', path, '--json']))
        return [evidenceDigest, analysisDigest]
      }
      expect(digests(again)).toEqual(digests(ledger))
    }
    expect(textRuns(scan(folder, 'none.sqlite'), folder)).toEqual([])
  })
})

it.skipIf(!hasTools('mke2fs'))(
  'bytes by chance, and a volume that is cut, give no text that is not there',
  () => {
    const { folder, inFree, image } = planted(VOLUMES[2]!)
    // Noise in every free cluster behind the planted text; the volume is cut in it.
    const from = Math.ceil((inFree + CLUSTER) / CLUSTER) * CLUSTER
    noise(7, image.length - from).copy(image, from)
    writeFileSync(join(folder, 'v'), image.subarray(0, image.length - 3 * CLUSTER - 100))
    const ledger = scan(folder, 'cut.sqlite', ...TEXT)
    expect(textRuns(ledger, folder).length).toBe(2)
  },
)
