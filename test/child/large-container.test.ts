/** Containers over the byte limit, by real readers and children, with the limit lowered in the plan. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EntryView } from '../../src/contracts/view.ts'
import { digestsOf } from '../../src/hash/digest.ts'
import { randomBytes, seeded } from '../image/random.ts'
import { mailOf, sevenZipOf, tarOf, zipOf } from './archives.ts'
import { doc, drawnPicture } from './compound-files.ts'
import { runFolder } from './run-folder.ts'

// The same in every run: contents drawn anew begin now and then as an archive or a picture does.
const random = seeded(28)

const LIMIT = 64 * 1024
const note = Buffer.from('The ferry leaves at ten.\n')
/** Over the limit by itself. */
const film = Buffer.concat([
  Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'),
  randomBytes(random, 150_000),
])
const noise = randomBytes(random, 100_000)
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(random, 2_000)])

describe('containers over the byte limit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seized-large-container-'))
  let entries: Map<string, EntryView>
  beforeAll(async () => {
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    const members = { 'note.txt': note, 'film.mp4': film }
    const tar = await tarOf([
      { name: 'note.txt', content: note },
      { name: 'film.mp4', content: film },
      { name: 'inner.zip', content: zipOf({ 'deep.txt': Buffer.from('deep') }) },
    ])
    // Not the same content: what lies in a copy is entered once, below the representative.
    const packed = await tarOf([
      { name: 'film.mp4', content: film },
      { name: 'inner.zip', content: zipOf({ 'deep.txt': Buffer.from('deep, packed') }) },
    ])
    const mail = mailOf([{ name: 'note.txt', content: note }])
    for (const [name, bytes] of Object.entries({
      'backup.zip': zipOf(members),
      'alone.zip': zipOf({ 'other.mp4': Buffer.concat([film, Buffer.alloc(8)]) }),
      'backup.tar': tar,
      'backup.tar.gz': gzipSync(packed),
      'backup.7z': await sevenZipOf('7z', members),
      'takeout.mbox': Buffer.concat(
        [mail, mailOf([{ name: 'noise.bin', content: noise.subarray(0, 60_000) }])].flatMap((one) => [
          Buffer.from('From a@example.org Mon May  6 07:08:09 2024\n'),
          one,
          Buffer.from('\n'),
        ]),
      ),
      'letter.doc': doc(['words'], { Data: Buffer.concat([drawnPicture('png', png), noise]) }),
      'large.eml': mailOf([{ name: 'noise.bin', content: noise }]),
      'cut.zip': zipOf(members).subarray(0, 120_000),
    }))
      writeFileSync(join(root, name), bytes)
    entries = await runFolder(root, join(folder, 'case.sqlite'), { limits: { lookBytes: LIMIT } })
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const sha256Of = (path: string) => entries.get(path)?.content?.digests.sha256

  it.each(['backup.zip', 'backup.tar', 'backup.7z'])(
    '%s is opened where it lies, and it is said that its digest was not made again',
    (name) => {
      expect(entries.get(name)!.stages.opened).toEqual({ result: 'done' })
      expect(entries.get(name)!.attributes.map((one) => one.code)).toContain('opened-in-place')
      expect(sha256Of(`${name} » member note.txt`)).toBe(digestsOf(note).sha256)
      expect(sha256Of(`${name} » member film.mp4`)).toBe(digestsOf(film).sha256)
    },
  )

  it('a member over the limit has its digests and its type, and is not looked at', () => {
    for (const name of ['backup.zip', 'backup.tar']) {
      const view = entries.get(`${name} » member film.mp4`)!
      expect(view.content).toMatchObject({ digests: digestsOf(film), mediaType: 'video/mp4' })
      expect(view.stages['looked-at']).toMatchObject({ result: 'not-done', reason: 'over-byte-limit' })
    }
  })

  it('a member that goes by is not said to hold nothing: nobody looked for covers in it, or for what lies behind it', () => {
    const { opened } = entries.get('alone.zip » member other.mp4')!.stages
    expect(opened).toMatchObject({ result: 'not-done', reason: 'over-byte-limit' })
  })

  it('a TAR that is too large inside a GZIP is opened piece by piece, and what is in it too', () => {
    const at = 'backup.tar.gz » member content'
    expect(entries.get(at)!.stages.opened).toEqual({ result: 'done' })
    expect(sha256Of(`${at} » member film.mp4`)).toBe(digestsOf(film).sha256)
    expect(sha256Of(`${at} » member inner.zip » member deep.txt`)).toBe(
      digestsOf(Buffer.from('deep, packed')).sha256,
    )
  })

  it('messages of a mailbox, pictures of a document', () => {
    expect(sha256Of('takeout.mbox » member message-000001 » attachment note.txt')).toBe(
      digestsOf(note).sha256,
    )
    expect(entries.has('takeout.mbox » member message-000002')).toBe(true)
    expect(sha256Of('letter.doc » embedded Data/picture-1.png')).toBe(digestsOf(png).sha256)
  })

  it('what a format needs in memory, and what breaks off, has its reason', () => {
    expect(entries.get('large.eml')!.stages.opened).toMatchObject({
      result: 'not-done',
      reason: 'over-byte-limit',
    })
    expect(entries.get('cut.zip')!.stages.opened).toMatchObject({
      result: 'done-with-warnings',
      reason: 'partly-examined',
    })
  })
})
