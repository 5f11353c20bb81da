import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeAttributeSync, setAttributeSync } from '@napi-rs/xattr'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { printPath } from '../../src/base/evidence-path.ts'
import { walk } from '../../src/confined/walker/walk.ts'
import type { WalkedEntry } from '../../src/contracts/ledger.ts'
import { walkInProcess } from '../../src/host/walker/walk-in-process.ts'
import { ENGLISH } from '../../src/report/texts/index.ts'
import { jobsOf, readAll, why } from './helpers.ts'

const LIMITS = { sparseLogicalBytes: 16 * 1024 ** 3, readStallMs: 30_000 }

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'seized-xattr-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** Of each entry that has any, what is said of its extended attributes. */
function told(root: string): Record<string, string[]> {
  const out: Record<string, string[]> = {}
  for (const { entry, named = [] } of walk(root, LIMITS))
    if (named.length > 0)
      out[printPath(entry.path)] = named.map((one) => {
        expect(one).toMatchObject({ kind: 'attribute', code: expect.stringMatching(/^extended-attribute/) })
        return one.kind === 'attribute' ? ENGLISH.attribute(one).replace(/^extended attribute /, '') : ''
      })
  return out
}

/** Streams alone, as they are printed, with their sizes or what became of them. */
function streams(walked: Iterable<WalkedEntry>): Record<string, number | string> {
  const out: Record<string, number | string> = {}
  for (const { entry, read } of walked)
    if (entry.path.steps.at(-1)!.kind === 'stream')
      out[printPath(entry.path)] =
        read === null ? Number(entry.sizeBytes) : 'reason' in read ? read.reason : read.result
  return out
}

async function sha256Of(root: string): Promise<Record<string, string>> {
  const jobs = jobsOf([...walk(root, LIMITS)])
  const outcomes = await readAll(root, jobs)
  return Object.fromEntries(
    jobs.map(({ path }) => {
      const outcome = outcomes.get(path.bytes.toString('latin1'))
      return [printPath(path), outcome?.content?.digests.sha256 ?? why(outcome)]
    }),
  )
}

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')

const CAN_SET = (() => {
  const probe = mkdtempSync(join(tmpdir(), 'seized-xattr-'))
  try {
    setAttributeSync(probe, 'user.probe', '1')
    return true
  } catch {
    return false
  } finally {
    rmSync(probe, { recursive: true })
  }
})()

describe.skipIf(!CAN_SET)('extended attributes (skipped where /tmp keeps none)', () => {
  function marked(): string {
    const root = folder()
    mkdirSync(join(root, 'Downloads'))
    const file = join(root, 'Downloads/a.zip')
    writeFileSync(file, 'x')
    writeFileSync(join(root, 'Downloads/a.zip!'), 'x')
    writeFileSync(join(root, 'plain.txt'), 'x')
    symlinkSync('Downloads/a.zip', join(root, 'link'))
    setAttributeSync(root, 'user.tag', Buffer.from([0, 1, 2]))
    setAttributeSync(join(root, 'Downloads'), 'user.colour', 'red')
    setAttributeSync(
      file,
      'user.Zone.Identifier',
      '[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://example.org/a.zip\r\n',
    )
    setAttributeSync(file, 'user.xdg.origin.url', 'https://example.org/\x1b[31m')
    setAttributeSync(file, 'user.secret', 'never shown')
    setAttributeSync(file, 'user.\x01 and ä', '')
    return root
  }

  const STREAMS = {
    'stream tag': 3,
    'Downloads » stream colour': 3,
    'Downloads/a.zip » stream Zone.Identifier': 61,
    'Downloads/a.zip » stream \\u{1} and ä': 0,
    'Downloads/a.zip » stream secret': 11,
    'Downloads/a.zip » stream xdg.origin.url': 25,
  }

  it('are entries behind their file, under the names that streams have in an image', () => {
    const walked = [...walk(marked(), LIMITS)]
    expect(streams(walked)).toEqual(STREAMS)
    const paths = walked.map(({ entry }) => entry.path.bytes.toString('latin1'))
    expect(paths).toEqual(paths.toSorted((a, b) => (a < b ? -1 : 1)))
  })

  it('are read and hashed like files', async () => {
    const root = marked()
    const read = await sha256Of(root)
    expect(read['Downloads/a.zip » stream secret']).toBe(sha256('never shown'))
    expect(read['stream tag']).toBe(sha256(Buffer.from([0, 1, 2])))
    expect(read['Downloads » stream colour']).toBe(sha256('red'))
    expect(read['Downloads/a.zip » stream \\u{1} and ä']).toBe(sha256(''))
    expect(read['Downloads/a.zip']).toBe(sha256('x'))
  })

  it('come exactly once, whatever entry a walk goes on behind', () => {
    const root = marked()
    const all = [...walk(root, LIMITS)].map(({ entry }) => entry.path.bytes.toString('latin1'))
    for (const [i, after] of all.entries()) {
      const rest = [...walk(root, { ...LIMITS, after })].map(({ entry }) =>
        entry.path.bytes.toString('latin1'),
      )
      expect(rest).toEqual(all.slice(i + 1))
    }
  })

  it('that say where a file came from are attributes of the file too', () => {
    expect(told(marked())).toEqual({
      'Downloads/a.zip': [
        'user.Zone.Identifier, 61 bytes: [ZoneTransfer] ZoneId=3 HostUrl=https://example.org/a.zip',
        'user.xdg.origin.url, 25 bytes: https://example.org/\\u{1b}[31m',
      ],
    })
  })

  it('come through the walking process as they are', async () => {
    const root = marked()
    const aside = []
    for await (const batch of walkInProcess(root, LIMITS)) aside.push(...batch)
    const paths = (walked: Iterable<WalkedEntry>) => [...walked].map(({ entry }) => printPath(entry.path))
    expect(paths(aside)).toEqual(paths(walk(root, LIMITS)))
    expect(streams(aside)).toEqual(STREAMS)
  })

  it('are all listed, however many there are', () => {
    const root = folder()
    for (let i = 10; i < 50; i++) setAttributeSync(root, `user.n${i}`, 'x')
    expect(Object.keys(streams(walk(root, LIMITS)))).toHaveLength(40)
  })

  it('that changed since inventory are not read', async () => {
    const root = folder()
    const file = join(root, 'a')
    writeFileSync(file, 'x')
    setAttributeSync(file, 'user.longer', 'x')
    setAttributeSync(file, 'user.gone', 'x')
    const jobs = jobsOf([...walk(root, LIMITS)])
    setAttributeSync(file, 'user.longer', 'xy')
    removeAttributeSync(file, 'user.gone')
    const outcomes = await readAll(root, jobs)
    expect(why(outcomes.get('a\0stream:longer'))).toBe(
      'changed-during-read: 1 bytes at inventory, 2 when opened',
    )
    expect(why(outcomes.get('a\0stream:gone'))).toBe('attribute-unreadable: ')
  })

  it('that cannot be listed stand as one that was not read', () => {
    const root = folder()
    writeFileSync(join(root, 'a'), 'x')
    // A name that is not UTF-8: the library refuses all names of the file.
    const set = spawnSync('python3', ['-c', SET_LATIN_1, join(root, 'a')])
    expect(set.status).toBe(0)
    expect(streams(walk(root, LIMITS))).toEqual({ 'a » stream ': 'attribute-unreadable' })
    expect(told(root).a).toEqual([expect.stringContaining('could not be listed')])
  })

  it('of a file or folder whose name is not UTF-8 are read all the same', async () => {
    const root = folder()
    expect(spawnSync('python3', ['-c', MAKE_LATIN_1, root]).status).toBe(0)
    expect(streams(walk(root, LIMITS))).toEqual({
      'a » stream fine': 1,
      'b\\xe9 » stream hidden': 6,
      'd\\xe9 » stream of a folder': 6,
      'd\\xe9/in » stream inside': 6,
      'd\\xe9/odd\\xe9 » stream ': 'attribute-unreadable',
    })
    const read = await sha256Of(root)
    for (const path of ['b\\xe9 » stream hidden', 'd\\xe9 » stream of a folder', 'd\\xe9/in » stream inside'])
      expect([path, read[path]]).toEqual([path, sha256('hidden')])
  })

  it('of a file whose name is not UTF-8 come to lie in no folder of temporary files', () => {
    const root = folder()
    expect(spawnSync('python3', ['-c', MAKE_LATIN_1, root]).status).toBe(0)
    vi.stubEnv('TMPDIR', '/proc')
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(streams(walk(root, LIMITS))).toHaveProperty(['b\\xe9 » stream hidden'], 6)
  })

  it.skipIf(process.getuid?.() !== 0)(
    'of the system are named unless they are labels (skipped without root)',
    () => {
      const root = folder()
      setAttributeSync(root, 'trusted.seized', 'x')
      setAttributeSync(root, 'trusted.overlay.origin', 'x')
      expect(told(root)).toEqual({ '': ['trusted.seized, 1 byte'] })
      expect(streams(walk(root, LIMITS))).toEqual({})
    },
  )
})

const SET_LATIN_1 = "import os, sys; os.setxattr(os.fsencode(sys.argv[1]), b'user.a\\xe9', b'v')"

const MAKE_LATIN_1 = `import os, sys
os.chdir(os.fsencode(sys.argv[1]))
os.mkdir(b'd\\xe9')
for name in (b'a', b'b\\xe9', b'd\\xe9/in', b'd\\xe9/none\\xe9', b'd\\xe9/odd\\xe9'):
    open(name, 'w').close()
os.setxattr(b'a', b'user.fine', b'v')
os.setxattr(b'b\\xe9', b'user.hidden', b'hidden')
os.setxattr(b'd\\xe9', b'user.of a folder', b'hidden')
os.setxattr(b'd\\xe9/in', b'user.inside', b'hidden')
os.setxattr(b'd\\xe9/odd\\xe9', b'user.n\\xe9', b'hidden')
os.symlink(b'a', b'l\\xe9')`

const CAN_NTFS =
  process.getuid?.() === 0 && !spawnSync('mkntfs', ['-V']).error && !spawnSync('ntfs-3g', ['--version']).error

describe.skipIf(!CAN_NTFS)('alternate data streams of NTFS (skipped without root and ntfs-3g)', () => {
  const LONG = Buffer.alloc(200_000, 'long')
  const ZONE = '[ZoneTransfer]\r\nZoneId=3\r\n'

  /** Looks at one image as each of the given options presents it. */
  async function mounted<T>(options: string, look: (mount: string) => Promise<T>): Promise<T> {
    const base = folder()
    const [image, mount] = [join(base, 'image'), join(base, 'mount')]
    mkdirSync(mount)
    execFileSync('truncate', ['-s', '20M', image])
    execFileSync('mkntfs', ['-Q', '-F', image], { stdio: 'ignore' })
    execFileSync('ntfs-3g', ['-o', 'streams_interface=windows', image, mount])
    mkdirSync(join(mount, 'folder'))
    writeFileSync(join(mount, 'folder:inside'), 'of a folder')
    writeFileSync(join(mount, 'a.txt'), 'x')
    writeFileSync(join(mount, 'a.txt:Zone.Identifier'), ZONE)
    writeFileSync(join(mount, 'a.txt:hidden.jpg'), LONG)
    execFileSync('umount', [mount])
    execFileSync('ntfs-3g', ['-o', `ro,${options}`, image, mount])
    try {
      return await look(mount)
    } finally {
      execFileSync('umount', ['-l', mount])
    }
  }

  it.each(['streams_interface=xattr', 'streams_interface=openxattr'])(
    'are read as attributes (%s); one too long for one is named',
    async (options) => {
      await mounted(options, async (mount) => {
        expect(streams(walk(mount, LIMITS))).toEqual({
          'a.txt » stream Zone.Identifier': 26,
          'a.txt » stream hidden.jpg': 'attribute-unreadable',
          'folder » stream inside': 11,
        })
        expect(await sha256Of(mount)).toMatchObject({
          'a.txt » stream Zone.Identifier': sha256(ZONE),
          'folder » stream inside': sha256('of a folder'),
        })
        expect(Object.values(told(mount)).flat()).toEqual([
          expect.stringMatching(/Zone.Identifier, 26 bytes: \[ZoneTransfer\] ZoneId=3$/),
        ])
      })
    },
  )

  it('are read at any length where the mount shows them as files', async () => {
    await mounted('streams_interface=windows', async (mount) => {
      expect(streams(walk(mount, LIMITS))).toEqual({
        'a.txt » stream Zone.Identifier': 26,
        'a.txt » stream hidden.jpg': 200_000,
        'folder » stream inside': 11,
      })
      expect(await sha256Of(mount)).toMatchObject({
        'a.txt': sha256('x'),
        'a.txt » stream Zone.Identifier': sha256(ZONE),
        'a.txt » stream hidden.jpg': sha256(LONG),
        'folder » stream inside': sha256('of a folder'),
      })
    })
  })
})
