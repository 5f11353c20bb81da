import { execFileSync } from 'node:child_process'
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setAttributeSync } from '@napi-rs/xattr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VolumeEntry } from '../../../src/contracts/image.ts'
import { NTFS } from '../../../src/formats/image/filesystem/ntfs/ntfs.ts'
import {
  bytesOf,
  CAN_MOUNT,
  classesAddUp,
  listed,
  makeVolume,
  md5,
  mounted,
  mountListing,
  nameOf,
  patched,
  told,
  workFolder,
} from './helpers.ts'

const CAN_WIM = (() => {
  try {
    execFileSync('sh', ['-c', 'command -v wimcapture'])
    return true
  } catch {
    return false
  }
})()

/** Tag, length of the data, then the data. */
function reparse(tag: number, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(tag, 0)
  head.writeUInt16LE(data.length, 4)
  return Buffer.concat([head, data])
}

function linkData(target: string, flags: boolean): Buffer {
  const name = Buffer.from(target, 'utf16le')
  const head = Buffer.alloc(flags ? 12 : 8)
  head.writeUInt16LE(name.length, 2)
  head.writeUInt16LE(name.length, 4)
  return Buffer.concat([head, name])
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4)
  return bytes
}

/** One record of the change journal, version 2. */
function usn(name: string, record: number, sequence: number, reason: number, filetime: bigint): Buffer {
  const units = Buffer.from(name, 'utf16le')
  const bytes = Buffer.alloc(Math.ceil((60 + units.length) / 8) * 8)
  bytes.writeUInt32LE(bytes.length, 0)
  bytes.writeUInt16LE(2, 4)
  bytes.writeUIntLE(record, 8, 6)
  bytes.writeUInt16LE(sequence, 14)
  bytes.writeUIntLE(5, 16, 6)
  bytes.writeUInt16LE(5, 22)
  bytes.writeBigUInt64LE(filetime, 32)
  bytes.writeUInt32LE(reason, 40)
  bytes.writeUInt16LE(units.length, 56)
  bytes.writeUInt16LE(60, 58)
  units.copy(bytes, 60)
  return bytes
}

const TEXT = Buffer.from(
  Array.from({ length: 3000 }, (_, line) => `Line ${(line * line) % 977} compressed by the system. `).join(
    '',
  ),
)
const SMALL = Buffer.from('Small. '.repeat(900))
const WOF = [
  { name: 'wof 4', content: TEXT, type: 'xpress', chunk: 4096, algorithm: 0, coding: 'xpress4k' },
  { name: 'wof 8', content: TEXT, type: 'xpress', chunk: 8192, algorithm: 2, coding: 'xpress8k' },
  { name: 'wof 16', content: TEXT, type: 'xpress', chunk: 16384, algorithm: 3, coding: 'xpress16k' },
  { name: 'wof lzx', content: TEXT, type: 'lzx', chunk: 32768, algorithm: 1, coding: 'lzx' },
  { name: 'wof small', content: SMALL, type: 'lzx', chunk: 32768, algorithm: 1, coding: 'lzx' },
] as const

/** The content as wimlib stores it: what a `WofCompressedData` stream holds. */
function captured(folder: string, { name, content, type, chunk }: (typeof WOF)[number]): Buffer {
  const root = join(folder, name)
  mkdirSync(root)
  writeFileSync(join(root, 'file'), content)
  const wim = `${root}.wim`
  const options = [`--compress=${type}`, `--chunk-size=${chunk}`, '--threads=1']
  execFileSync('wimcapture', [root, wim, ...options], { stdio: 'ignore' })
  const bytes = readFileSync(wim)
  let row = Number(bytes.readBigUInt64LE(56))
  // Flag 2 is the list of files.
  while ((bytes.readUInt8(row + 7) & 2) !== 0) row += 50
  const at = Number(bytes.readBigUInt64LE(row + 8))
  return bytes.subarray(at, at + bytes.readUIntLE(row, 6))
}

describe.skipIf(!CAN_MOUNT)('what only NTFS has (skipped without root and ntfs-3g)', () => {
  const folder = CAN_MOUNT ? workFolder() : ''
  const image = join(folder, 'volume')
  let entries: readonly VolumeEntry[] = []
  const contents = new Map<string, Buffer>()
  const one = (name: string): VolumeEntry => {
    const found = entries.find((entry) => nameOf(entry) === name)
    if (!found) throw new Error(`${name} is not listed`)
    return found
  }

  beforeAll(async () => {
    makeVolume(image, 16 * 1024 * 1024)
    const stored = CAN_WIM ? WOF.map((wof) => ({ ...wof, bytes: captured(folder, wof) })) : []
    await mounted(image, (root) => {
      const at = (name: string) => join(root, name)
      for (const { name, content, algorithm, bytes } of stored) {
        writeFileSync(at(name), '')
        truncateSync(at(name), content.length)
        setAttributeSync(at(name), 'user.WofCompressedData', bytes)
        setAttributeSync(at(name), 'system.ntfs_reparse_data', reparse(0x80000017, words(1, 2, 1, algorithm)))
      }
      writeFileSync(at('symlink'), '')
      setAttributeSync(
        at('symlink'),
        'system.ntfs_reparse_data',
        reparse(0xa000000c, linkData('C:\\Users\\ą', true)),
      )
      mkdirSync(at('junction'))
      setAttributeSync(
        at('junction'),
        'system.ntfs_reparse_data',
        reparse(0xa0000003, linkData('\\??\\D:\\', false)),
      )
      writeFileSync(at('cloud'), '')
      truncateSync(at('cloud'), 500_000)
      setAttributeSync(at('cloud'), 'system.ntfs_reparse_data', reparse(0x9000601a, Buffer.alloc(32)))
      writeFileSync(at('dedup'), '')
      truncateSync(at('dedup'), 70_000)
      setAttributeSync(at('dedup'), 'system.ntfs_reparse_data', reparse(0x80000013, Buffer.alloc(100)))
      writeFileSync(at('secret'), Buffer.alloc(5000, 1))
      writeFileSync(
        Buffer.concat([Buffer.from(`${root}/lone `), Buffer.from([0xed, 0xa0, 0x80])]),
        'a lone surrogate',
      )
      writeFileSync(at('initialised'), Buffer.alloc(8192, 7))
      writeFileSync(at('$UsnJrnl'), '')
      const time = 133_500_000_000_000_000n
      setAttributeSync(
        at('$UsnJrnl'),
        'user.$J',
        Buffer.concat([
          usn('long gone.jpg', 70, 40, 0x80000200, time),
          usn('made once.jpg', 70, 41, 0x100, time),
          usn('long gone.jpg', 70, 40, 0x100, time - 1000n),
          usn('cloud', 0, 1, 0x100, time),
          Buffer.alloc(4000),
        ]),
      )
      for (let index = 0; index < 120; index++)
        writeFileSync(at(`many ${String(index).padStart(3, '0')}`), 'x')
      writeFileSync(at('zz twice'), 'held once more')
      linkSync(at('zz twice'), at('once more'))
      renameSync(at('many 119'), at('a renamed'))
    })
    await mounted(image, (root) => unlinkSync(join(root, 'zz twice')))
    listed(image, ({ entries }) => {
      const secret = entries.find((entry) => nameOf(entry) === 'secret') as VolumeEntry
      patched(image, secret.record, 0x80, (record, at) => record.writeUInt16LE(0x4000, at + 12))
      const initialised = entries.find((entry) => nameOf(entry) === 'initialised') as VolumeEntry
      patched(image, initialised.record, 0x80, (record, at) => record.writeUInt32LE(5000, at + 56))
      const journal = entries.find((entry) => nameOf(entry) === '$UsnJrnl') as VolumeEntry
      patched(image, journal.record, 0x30, (record, at) => {
        record.writeUIntLE(11, at + 24, 6)
        record.writeUInt16LE(11, at + 30)
      })
    })
    listed(image, (all) => {
      entries = all.entries
      for (const entry of entries) {
        if (entry.place.kind !== 'none' && entry.kind === 'file') {
          contents.set(nameOf(entry), bytesOf(all.volume, entry))
        }
      }
      expect(classesAddUp(all)).toBe(true)
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.skipIf(!CAN_WIM)(
    'reads what the system compressed (WOF), as one content without its stored form',
    () => {
      for (const { name, content, coding } of WOF) {
        const { place, notes } = one(name)
        expect(place).toMatchObject({ kind: 'coded', coding })
        expect(notes).toContain('compressed')
        expect(contents.get(name)?.equals(content)).toBe(true)
      }
      expect(entries.filter((entry) => nameOf(entry).includes('Wof'))).toEqual([])
    },
  )

  it('names what a reparse point stands for, and why there is nothing to read', () => {
    expect(one('symlink')).toMatchObject({ kind: 'symlink', linkTarget: Buffer.from('C:\\Users\\ą') })
    expect(one('junction')).toMatchObject({
      kind: 'symlink',
      linkTarget: Buffer.from('\\??\\D:\\'),
      notes: ['junction'],
    })
    expect(one('cloud').place).toEqual({ kind: 'none', reason: 'not-recorded', detail: 'cloud' })
    expect(one('cloud').notes).toContain('offline-placeholder')
    expect(one('dedup').place).toEqual({ kind: 'none', reason: 'not-built', detail: 'dedup' })
    expect(one('secret').place).toEqual({ kind: 'none', reason: 'encrypted', detail: 'efs' })
  })

  it('reads as zeros what lies behind the initialised size', () => {
    const expected = Buffer.concat([Buffer.alloc(5000, 7), Buffer.alloc(3192)])
    expect(contents.get('initialised')?.equals(expected)).toBe(true)
  })

  it('keeps a name that is no UTF-16', () => {
    const name = Buffer.concat([Buffer.from('lone '), Buffer.from([0xed, 0xa0, 0x80])]).toString('latin1')
    expect(contents.get(name)?.toString()).toBe('a lone surrogate')
  })

  it('tells names of the change journal and of index slack that no record holds, each once', () => {
    const left = entries.filter((entry) => entry.basis === 'change-journal')
    expect(left.map(nameOf).sort()).toEqual(['cloud', 'long gone.jpg', 'made once.jpg'])
    expect(one('long gone.jpg')).toMatchObject({
      status: 'deleted',
      record: 70,
      sequence: 40,
      place: { kind: 'none', reason: 'not-recorded', detail: 'record-reused' },
      times: { changedNs: (133_500_000_000_000_000n - 116_444_736_000_000_000n) * 100n },
    })
    const slack = entries.filter((entry) => entry.basis === 'index-slack')
    expect(slack.map(nameOf)).toContain('zz twice')
    expect(slack.filter((entry) => !['zz twice', 'many 119'].includes(nameOf(entry)))).toEqual([])
    expect(
      slack
        .map((entry) => entry.notes[0])
        .filter((note) => !['renamed', 'reference-lost'].includes(note ?? '')),
    ).toEqual([])
  })

  it('opens by the backup where the first sector is wiped, and by the mirror where the table begins with damage', async () => {
    const bytes = readFileSync(image)
    const mft = bytes.readUInt32LE(48) * 4096
    const names = entries.map(nameOf)
    const changed = join(folder, 'changed')
    for (const wipe of [() => bytes.fill(0, 0, 512), () => bytes.fill(0xff, mft, mft + 700)]) {
      wipe()
      writeFileSync(changed, bytes)
      listed(changed, ({ entries, volume, system }) => {
        expect(NTFS.recognises(volume)).toBe(true)
        expect(entries.map(nameOf)).toEqual(names)
        expect(system.problems()).toContainEqual({ code: 'boot-from-backup', record: null, detail: '' })
      })
    }
  })

  it('says what was overwritten after it was deleted, whole and in part', async () => {
    const other = join(folder, 'other')
    makeVolume(other, 8 * 1024 * 1024)
    const noise = (seed: number, length: number) =>
      Buffer.from(Array.from({ length }, (_, index) => (index * seed) >> 3))
    await mounted(other, (root) => {
      for (let index = 0; index < 5; index++)
        writeFileSync(join(root, `old ${index}`), noise(index + 3, 900_000))
    })
    await mounted(other, (root) => {
      for (let index = 0; index < 5; index++) unlinkSync(join(root, `old ${index}`))
      // New records take the old ones' numbers: names in a folder of their own first, to leave the old records alone.
      mkdirSync(join(root, 'new'))
    })
    await mounted(other, (root) => writeFileSync(join(root, 'new/large'), noise(77, 3_000_000)))
    let live = new Map<string, string>()
    await mounted(other, (root) => {
      live = mountListing(root)
    })
    listed(other, ({ entries, volume }) => {
      const deleted = entries.filter(({ path }) => path.at(-1)?.toString().startsWith('old'))
      for (const entry of deleted) {
        const seed = Number(entry.path.at(-1)?.toString().slice(4)) + 3
        if (entry.status === 'deleted') expect(told(volume, entry)).toBe(md5(noise(seed, 900_000)))
        else
          expect(entry.place).toMatchObject({ kind: 'none', reason: expect.stringMatching(/^overwritten/) })
      }
      expect(deleted.length).toBeGreaterThan(2)
      expect(deleted.some(({ status }) => status === 'deleted-overwritten')).toBe(true)
      const now = entries.find((entry) => nameOf(entry) === 'new/large') as VolumeEntry
      expect(told(volume, now)).toBe(live.get('new/large'))
    })
  })
})
