/** What holds other contents is opened, or said to be not built: never "not a container". */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { childPath, filePath } from '../../src/base/evidence-path.ts'
import { EXTRACTORS } from '../../src/formats/archives/index.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import { MEDIA_TYPES } from '../../src/media-types/table.ts'
import { randomBytes, seeded } from '../image/random.ts'
import { zipOf } from './archives.ts'
import { listContainer } from './list-container.ts'
import { dmgOf, partitioned, rpmOf, xarOf } from './made-disks.ts'

const letter = Buffer.from('The train leaves at nine.\n')
const SHA256 = createHash('sha256').update(letter).digest('hex')

function has(tool: string): boolean {
  return process.env.PATH!.split(':').some((folder) => {
    try {
      return readFileSync(join(folder, tool)).length > 0
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code!)) return false
      throw error
    }
  })
}

const folder = mkdtempSync(join(tmpdir(), 'seized-disks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)
const run = (tool: string, ...args: string[]) => execFileSync(tool, args, { stdio: 'pipe' })

describe('packages and images', () => {
  let ext: Buffer
  beforeAll(() => {
    mkdirSync(at('files'))
    writeFileSync(at('files/letter.txt'), letter)
    if (!has('mke2fs')) return
    run('mke2fs', '-q', '-t', 'ext4', '-d', at('files'), at('ext.img'), '2M')
    ext = readFileSync(at('ext.img'))
  })

  function converted(format: string): Buffer {
    run('qemu-img', 'convert', '-O', format, at('ext.img'), at(format))
    return readFileSync(at(format))
  }

  function madeOn(sizeMegabytes: number, make: (file: string) => void): Buffer {
    writeFileSync(at('volume'), Buffer.alloc(sizeMegabytes << 20))
    make(at('volume'))
    return readFileSync(at('volume'))
  }

  const SAMPLES: readonly (readonly [type: string, tools: readonly string[], make: () => Buffer])[] = [
    ['application/x-xar', [], () => xarOf('letter.txt', letter)],
    ['application/x-raw-disk-image', ['mke2fs'], () => ext],
    ['application/x-apple-diskimage', ['mke2fs'], () => dmgOf(ext)],
    ...(['qcow2', 'vpc', 'vhdx', 'vmdk', 'vdi'] as const).map(
      (format) =>
        [
          {
            qcow2: 'application/x-qcow-disk',
            vpc: 'application/x-vhd-disk',
            vhdx: 'application/x-vhdx-disk',
            vmdk: 'application/x-vmdk-disk',
            vdi: 'application/x-virtualbox-vdi',
          }[format],
          ['mke2fs', 'qemu-img'],
          () => converted(format),
        ] as const,
    ),
    [
      'application/x-raw-disk-image',
      ['mkfs.fat', 'mcopy'],
      () =>
        madeOn(2, (file) => {
          run('mkfs.fat', file)
          run('mcopy', '-i', file, at('files/letter.txt'), '::letter.txt')
        }),
    ],
    [
      'application/x-raw-disk-image',
      ['mkntfs', 'ntfscp'],
      () =>
        madeOn(4, (file) => {
          run('mkntfs', '-q', '-F', file)
          run('ntfscp', file, at('files/letter.txt'), 'letter.txt')
        }),
    ],
    [
      'application/x-squashfs-image',
      ['mksquashfs'],
      () => {
        run('mksquashfs', at('files'), at('squashfs'), '-quiet', '-no-progress')
        return readFileSync(at('squashfs'))
      },
    ],
    [
      'application/x-ms-wim',
      ['wimlib-imagex'],
      () => {
        run('wimlib-imagex', 'capture', at('files'), at('wim'))
        return readFileSync(at('wim'))
      },
    ],
  ]
  for (const [type, tools, make] of SAMPLES)
    it.skipIf(!tools.every(has))(`${type} (${tools.join(', ') || 'made here'}) is opened`, async () => {
      const { mediaType, members, result } = await listContainer(make())
      const found = members.find(({ name }) => name === 'letter.txt')
      expect([mediaType, found?.digests?.sha256, result]).toEqual([type, SHA256, { result: 'done' }])
    })

  it.skipIf(!has('mke2fs') || !has('sfdisk'))(
    'a disk with a table of partitions holds volumes, and they hold files',
    async () => {
      const disk = partitioned(ext)
      writeFileSync(at('disk.img'), disk)
      const sectors = ext.length / 512
      execFileSync('sfdisk', ['-q', at('disk.img')], {
        input: `label: dos\nstart=64,size=${sectors},type=83\nstart=${64 + sectors},size=${sectors},type=83\n`,
      })
      const whole = readFileSync(at('disk.img'))
      const { mediaType, members, result } = await listContainer(whole)
      expect([mediaType, members.length, result]).toEqual([
        'application/x-raw-disk-image',
        2,
        { result: 'done' },
      ])
      for (const { name } of members) {
        const step = childPath(filePath(Buffer.alloc(0)), 'member', Buffer.from(name)).bytes
        const inside = await listContainer(whole, mediaType, step.toString('latin1'))
        expect(inside.members.find((one) => one.name === 'letter.txt')?.digests?.sha256).toBe(SHA256)
      }
    },
  )

  it.skipIf(!has('mke2fs'))(
    'a disk of which one volume only is found is said to be opened in part',
    async () => {
      const { members, result } = await listContainer(partitioned(ext))
      expect(members.find(({ name }) => name === 'letter.txt')?.digests?.sha256).toBe(SHA256)
      expect(result).toMatchObject({ result: 'done-with-warnings', reason: 'partly-examined' })
    },
  )

  it('an RPM package holds its packed payload, and that holds files', async () => {
    const bytes = rpmOf('letter.txt', letter)
    const { mediaType, members, result } = await listContainer(bytes)
    expect([mediaType, members.length, result]).toEqual(['application/x-rpm', 1, { result: 'done' }])
    const payload = childPath(filePath(Buffer.alloc(0)), 'member', Buffer.from(members[0]!.name))
    const unpacked = childPath(payload, 'member', Buffer.from('content'))
    const inside = await listContainer(bytes, mediaType, unpacked.bytes.toString('latin1'))
    expect(inside.members.map(({ digests }) => digests?.sha256)).toEqual([SHA256])
  })

  it.skipIf(!has('dpkg-deb'))('a Debian package holds its archives', async () => {
    mkdirSync(at('deb/DEBIAN'), { recursive: true })
    writeFileSync(
      at('deb/DEBIAN/control'),
      'Package: note\nVersion: 1\nArchitecture: all\nMaintainer: a <a@example.org>\nDescription: note\n',
    )
    writeFileSync(at('deb/letter.txt'), letter)
    run('dpkg-deb', '-Zgzip', '-b', at('deb'), at('a.deb'))
    const { mediaType, members, result } = await listContainer(readFileSync(at('a.deb')))
    expect([mediaType, result]).toEqual(['application/x-deb', { result: 'done' }])
    expect(members.map(({ name }) => name)).toEqual(['control.tar.gz', 'data.tar.gz'])
  })

  it.skipIf(!has('mkfs.exfat'))('a file system that is not known is said', async () => {
    const bytes = madeOn(8, (file) => run('mkfs.exfat', '-q', file))
    expect((await listContainer(bytes)).result).toMatchObject({ result: 'not-done', reason: 'not-built' })
  })

  it('an encrypted volume is said', async () => {
    const locked = Buffer.alloc(1 << 20)
    locked.write('-FVE-FS-', 3)
    expect((await listContainer(locked)).result).toMatchObject({ result: 'not-done', reason: 'encrypted' })
  })
})

const ENCRYPTED = ['application/pgp-encrypted', 'application/x-luks-volume']

describe('what nothing opens', () => {
  const opened = new Set(EXTRACTORS.flatMap(({ mediaTypes }) => mediaTypes))
  const unopened = MEDIA_TYPES.filter(({ type, holds }) => holds && !opened.has(type)).map(({ type }) => type)

  it('is known by name', () => {
    const named = unopened.filter((type) => !/office|opendocument|ms-(word|excel|powerpoint)/.test(type))
    expect(named.sort()).toEqual([
      'application/onenote',
      'application/pgp-encrypted',
      'application/postscript',
      'application/vnd.ms-access',
      'application/vnd.ms-outlook-pst',
      'application/vnd.ms-tnef',
      'application/x-ace-compressed',
      'application/x-ad1-image',
      'application/x-ewf-image',
      'application/x-ewf-logical',
      'application/x-google-chrome-extension',
      'application/x-installshield',
      'application/x-luks-volume',
      'application/x-lz4',
      'application/x-msi',
    ])
  })

  it.each(unopened)('%s is said to be not built', async (type) => {
    const { members, result } = await listContainer(Buffer.alloc(600, 7), type)
    const reason = ENCRYPTED.includes(type) ? 'encrypted' : 'not-built'
    expect([members, result]).toEqual([[], { result: 'not-done', reason, detail: null }])
  })

  it('what fills whole sectors with noise and says nowhere what it is looks encrypted', async () => {
    const noise = randomBytes(seeded(12), 512 * 1024)
    const reasonOf = async (bytes: Buffer) => {
      const { mediaType, hasAppended } = await identifyContent(bytes)
      const { result } = await listContainer(bytes, mediaType)
      return [mediaType, hasAppended ?? false, 'reason' in result ? result.reason : null]
    }
    const encrypted = ['application/octet-stream', true, 'encrypted']
    const none = ['application/octet-stream', false, 'not-a-container']
    expect(await reasonOf(noise)).toEqual(encrypted)
    expect(await reasonOf(noise.subarray(0, -1))).toEqual(none)
    expect(await reasonOf(noise.subarray(0, 128 * 1024))).toEqual(none)
    const withHeader = Buffer.concat([Buffer.from('made-up format, version 3\0'.repeat(40)), noise])
    expect(await reasonOf(withHeader.subarray(0, 512 * 1024))).toEqual(none)
    expect(await reasonOf(Buffer.from(noise).fill(0, 500 * 1024))).toEqual(none)
    const letter = Buffer.from('-----BEGIN PGP MESSAGE-----\n\nabcd\n-----END PGP MESSAGE-----\n')
    expect(await reasonOf(letter)).toEqual(['application/pgp-encrypted', false, 'encrypted'])
    const key = Buffer.from('-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabcd\n')
    expect(await reasonOf(key)).toEqual(['application/pgp-keys', false, 'not-a-container'])
  })

  it('what is no container is none', async () => {
    expect((await listContainer(letter, 'audio/midi')).result).toMatchObject({ reason: 'not-a-container' })
  })

  it('documents of every kind that are ZIP archives are opened', async () => {
    const bytes = zipOf({ 'word/document.xml': letter, 'word/media/image1.txt': letter })
    for (const type of unopened.filter((one) => /office|opendocument|ms-(word|excel|powerpoint)/.test(one))) {
      const { members, result } = await listContainer(bytes, type)
      expect([type, members.map(({ name }) => name), result]).toEqual([
        type,
        ['word/media/image1.txt'],
        { result: 'done' },
      ])
    }
  })
})
