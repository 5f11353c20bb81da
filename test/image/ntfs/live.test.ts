import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { setAttributeSync } from '@napi-rs/xattr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
  told,
  workFolder,
} from './helpers.ts'

const noise = (length: number, seed: number): Buffer => {
  const bytes = Buffer.alloc(length)
  let state = seed * 2654435761 + 1
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}
const text = (length: number, seed: number): Buffer =>
  Buffer.from(`Line ${seed} of a text that repeats itself. `.repeat(Math.ceil(length / 30))).subarray(
    0,
    length,
  )

const COMPRESS = Buffer.from([0, 0, 8, 16])

describe.skipIf(!CAN_MOUNT)('NTFS against a mount (skipped without root and ntfs-3g)', () => {
  const folder = CAN_MOUNT ? workFolder() : ''
  const image = join(folder, 'volume')
  const gone = new Map<string, string>()
  let mount = new Map<string, string>()

  beforeAll(async () => {
    makeVolume(image, 24 * 1024 * 1024, ['-L', 'Füße'])
    await mounted(image, (root) => {
      const put = (path: string, bytes: Buffer) => writeFileSync(join(root, path), bytes)
      mkdirSync(join(root, 'Users/ąčę/deep/er'), { recursive: true })
      mkdirSync(join(root, 'compressed'))
      setAttributeSync(join(root, 'compressed'), 'system.ntfs_attrib_be', COMPRESS)
      for (let index = 0; index < 150; index++) {
        const at = ['Users', 'Users/ąčę', 'Users/ąčę/deep/er', 'compressed'][index % 4] as string
        const length = [0, 5, 600, 900, 4096, 70_000, 200_001][index % 7] as number
        const bytes = index % 3 ? text(length, index) : noise(length, index)
        const name = index % 11 ? `${at}/file ${index}.jpg` : `${at}/${'ū'.repeat(80)}${index}`
        put(name, bytes)
        if (index % 10 === 0)
          setAttributeSync(join(root, name), 'user.Zone.Identifier', `[ZoneTransfer] ${index}`)
        if (index % 12 === 5) gone.set(latin(name), md5(bytes))
      }
      put('n'.repeat(255), noise(10, 1))
      put('streams', noise(10, 2))
      setAttributeSync(join(root, 'streams'), 'user.large', noise(30_000, 3))
      setAttributeSync(join(root, 'Users'), 'user.of a folder', 'x')
      linkSync(join(root, 'streams'), join(root, 'Users/second name'))
      symlinkSync('Users/second name', join(root, 'link'))
      const sparse = openSync(join(root, 'sparse'), 'w')
      writeSync(sparse, 'begin', 0)
      writeSync(sparse, 'end', 900_000)
      closeSync(sparse)
      // Two files that grow in turn: many runs, and a list of attributes.
      const pair = ['fragments-a', 'fragments-b'].map((name) => openSync(join(root, name), 'w'))
      for (let turn = 0; turn < 700; turn++) for (const fd of pair) writeSync(fd, noise(4096, turn + fd))
      for (const fd of pair) closeSync(fd)
    })
    await mounted(image, (root) => {
      for (const name of gone.keys()) unlinkSync(Buffer.from(`${root}/`, 'latin1').toString() + utf8(name))
    })
    await mounted(image, (root) => {
      mount = mountListing(root)
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('lists every name and stream with the content that the mount gives, and the system files beside', () => {
    listed(image, ({ entries, volume }) => {
      const live = new Map(
        entries
          .filter(({ status }) => status === 'live')
          .map((entry) => [nameOf(entry), told(volume, entry)]),
      )
      for (const [name, digest] of mount) expect([name, live.get(name)]).toEqual([name, digest])
      const extra = [...live.keys()].filter((name) => !mount.has(name))
      expect(extra.every((name) => name.startsWith('$'))).toBe(true)
      expect(extra).toContain('$MFT')
      expect(live.size).toBe(entries.filter(({ status }) => status === 'live').length)
      expect([...live.keys()].filter((name) => name.startsWith('fragments'))).toHaveLength(2)
    })
  })

  it('finds every deleted content where nothing has overwritten it, under its path', () => {
    listed(image, ({ entries, volume }) => {
      const deleted = entries.filter(({ status }) => status === 'deleted')
      for (const [name, digest] of gone) {
        const found = deleted.find((entry) => nameOf(entry) === name)
        expect(found?.basis).toBe('mft')
        expect(found && told(volume, found)).toBe(digest)
      }
    })
  })

  it('gives every byte one class', () => {
    listed(image, (all) => {
      expect(classesAddUp(all)).toBe(true)
      expect(all.system.classes().slack).toBeGreaterThan(0)
      expect(all.system.problems().filter(({ code }) => code !== 'allocated-without-owner')).toEqual([])
      expect(all.system.label).toBe('Füße')
    })
  })

  it('reads a compressed content at any offset as it reads it whole', () => {
    listed(image, ({ entries, volume }) => {
      const coded = entries.filter((entry) => entry.place.kind === 'coded' && entry.status === 'live')
      expect(coded.length).toBeGreaterThan(5)
      for (const entry of coded) {
        const whole = bytesOf(volume, entry)
        expect(entry.notes).toContain('compressed')
        expect(whole.length).toBe(entry.sizeBytes)
      }
    })
  })
})

function latin(name: string): string {
  return Buffer.from(name).toString('latin1')
}

function utf8(name: string): string {
  return Buffer.from(name, 'latin1').toString()
}
