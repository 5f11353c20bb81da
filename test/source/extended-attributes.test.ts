import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setAttributeSync } from '@napi-rs/xattr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ENGLISH } from '../../src/report/texts/index.ts'
import { walk } from '../../src/source/mount/walk.ts'
import { walkAside } from '../../src/source/mount/walk-aside.ts'

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
      out[entry.path.bytes.toString()] = named.map((one) => {
        expect(one).toMatchObject({ kind: 'attribute', code: expect.stringMatching(/^extended-attribute/) })
        return one.kind === 'attribute' ? ENGLISH.attribute(one).replace(/^extended attribute /, '') : ''
      })
  return out
}

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
  it('are listed by name and size, with the text of those that say where a file came from', () => {
    const root = folder()
    mkdirSync(join(root, 'Downloads'))
    const file = join(root, 'Downloads/a.zip')
    writeFileSync(file, 'x')
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
    expect(told(root)).toEqual({
      '': ['user.tag, 3 bytes'],
      Downloads: ['user.colour, 3 bytes'],
      'Downloads/a.zip': [
        'user.Zone.Identifier, 61 bytes: [ZoneTransfer] ZoneId=3 HostUrl=https://example.org/a.zip',
        'user.secret, 11 bytes',
        'user.xdg.origin.url, 25 bytes: https://example.org/\\u{1b}[31m',
      ],
    })
  })

  it('come through the walking process as they are', async () => {
    const root = folder()
    writeFileSync(join(root, 'ä.txt'), 'x')
    setAttributeSync(join(root, 'ä.txt'), 'user.größe', 'x')
    const aside = []
    for await (const batch of walkAside(root, LIMITS)) aside.push(...batch)
    expect(aside.map(({ named }) => named)).toEqual([...walk(root, LIMITS)].map(({ named }) => named))
    expect(aside[1]!.named).toMatchObject([{ params: { name: 'user.größe', bytes: 1 } }])
  })

  it('are at most 32 an entry, and the rest is counted', () => {
    const root = folder()
    for (let i = 10; i < 50; i++) setAttributeSync(root, `user.n${i}`, 'x')
    expect(told(root)['']!.slice(-2)).toEqual(['user.n41, 1 byte', '8 more extended attributes'])
  })

  it('of the system itself are left out', () => {
    const root = folder()
    if (process.getuid?.() === 0) setAttributeSync(root, 'trusted.seized', 'x')
    expect(told(root)).toEqual({})
  })
})

const CAN_NTFS =
  process.getuid?.() === 0 && !spawnSync('mkntfs', ['-V']).error && !spawnSync('ntfs-3g', ['--version']).error

describe.skipIf(!CAN_NTFS)('alternate data streams of NTFS (skipped without root and ntfs-3g)', () => {
  it('are listed; one that is too long for an attribute is named', () => {
    const base = folder()
    const [image, mount] = [join(base, 'image'), join(base, 'mount')]
    mkdirSync(mount)
    execFileSync('truncate', ['-s', '20M', image])
    execFileSync('mkntfs', ['-Q', '-F', image], { stdio: 'ignore' })
    execFileSync('ntfs-3g', ['-o', 'streams_interface=windows', image, mount])
    writeFileSync(join(mount, 'a.txt'), 'x')
    writeFileSync(join(mount, 'a.txt:Zone.Identifier'), '[ZoneTransfer]\r\nZoneId=3\r\n')
    writeFileSync(join(mount, 'a.txt:hidden.jpg'), Buffer.alloc(200_000))
    execFileSync('umount', [mount])
    execFileSync('ntfs-3g', ['-o', 'ro', image, mount])
    try {
      expect(told(mount)).toEqual({
        'a.txt': [
          'user.Zone.Identifier, 26 bytes: [ZoneTransfer] ZoneId=3',
          'user.hidden.jpg, not readable or longer than 65,536 bytes',
        ],
      })
    } finally {
      execFileSync('umount', ['-l', mount])
    }
  })
})
