/** A backup of an iPhone in an archive: its files have the names that they had on the phone. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { zipSync } from 'fflate'
import { afterAll, describe, expect, it } from 'vitest'
import { openImage } from '../../src/image/container/index.ts'
import { rangesOf } from '../../src/image/handed-image.ts'
import { BeginningIndex } from '../../src/image/remains/beginning-index.ts'
import { listImage } from '../../src/source/image/listing/list-image.ts'
import { bytesMedium } from './container/helpers.ts'
import { randomBytes, seeded } from './random.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const FILES = [
  ['CameraRollDomain', 'Media/DCIM/100APPLE/IMG_0001.JPG'],
  ['HomeDomain', 'Library/SMS/sms.db'],
  ['CameraRollDomain', 'Media/DCIM/100APPLE/žiema.HEIC'],
] as const
const idOf = (domain: string, path: string) => createHash('sha1').update(`${domain}-${path}`).digest('hex')

/** As a phone makes it: names that have no file beside, too. */
function manifest(): Buffer {
  const path = join(mkdtempSync(join(folder, 'made-')), 'Manifest.db')
  const db = new Database(path)
  db.exec(
    'CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB)',
  )
  const insert = db.prepare('INSERT INTO Files VALUES (?, ?, ?, 1, ?)')
  for (const [domain, file] of FILES)
    insert.run(idOf(domain, file), domain, file, randomBytes(seeded(3), 400))
  for (let n = 0; n < 300; n++)
    insert.run(idOf('AppDomain', `${n}`), 'AppDomain', `${n}`, randomBytes(seeded(n), 300))
  db.close()
  return readFileSync(path)
}

function members(db: Buffer, at = 'Backup/00008030-001'): [name: string, bytes: Buffer][] {
  const files = FILES.map(([domain, path]): [string, Buffer] => {
    const id = idOf(domain, path)
    return [`${at}/${id.slice(0, 2)}/${id}`, Buffer.from(`content of ${path}`)]
  })
  const foreign = 'ab'.repeat(20)
  // The manifest stands behind what it names, and names nothing of another folder.
  return [
    ...files,
    [`elsewhere/${files[0]![0].slice(-40)}`, Buffer.from('a')],
    [`${at}/ab/${foreign}`, Buffer.from('not in the manifest')],
    [`${at}/Manifest.db`, db],
    [`${at}/Manifest.plist`, Buffer.from('bplist00')],
  ]
}

function tarOf(list: readonly [string, Buffer][]): Buffer {
  const root = mkdtempSync(join(folder, 'tar-'))
  for (const [name, bytes] of list) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), bytes)
  }
  return execFileSync('tar', ['-C', root, '-cf', '-', ...list.map(([name]) => name)], { maxBuffer: 1 << 28 })
}
const zipOf = (list: readonly [string, Buffer][]): Buffer => Buffer.from(zipSync(Object.fromEntries(list)))

function listed(bytes: Buffer) {
  const image = openImage([{ name: 'phone', medium: bytesMedium(bytes) }])
  const options = {
    remains: 'none',
    sample: null,
    lists: [],
    known: new BeginningIndex(Buffer.alloc(0)),
    sparseLogicalBytes: 1e12,
    damage: [],
    volumes: null,
    passOver: [],
    after: null,
    at: () => {},
  } as const
  return [...listImage(image, rangesOf(image), options)].flatMap((one) => {
    if (one.kind !== 'entry' || one.walked.entry.kind !== 'file') return []
    const { entry, read, named = [] } = one.walked
    const params = named.map((said) => ('params' in said ? said.params : null))
    return [{ name: entry.path.bytes.toString().replace(/^.*\0file:/, ''), read, params }]
  })
}

describe.each([
  ['ZIP', zipOf],
  ['TAR', tarOf],
] as const)('a backup of a phone in a %s', (_, packed) => {
  it('gives each file the domain and path that its manifest has', () => {
    const said = new Map(listed(packed(members(manifest()))).map(({ name, params }) => [name, params]))
    for (const [domain, path] of FILES) {
      const id = idOf(domain, path)
      expect(said.get(`Backup/00008030-001/${id.slice(0, 2)}/${id}`)).toEqual([
        { path: `${domain}/${path}`, by: 'backup-manifest' },
      ])
    }
    expect([...said.values()].filter((params) => params.length > 0)).toHaveLength(FILES.length)
  })

  it('names the files of an encrypted one as encrypted, and nothing else', () => {
    const encrypted = listed(packed(members(randomBytes(seeded(9), 20_000))))
    const reasons = encrypted.map(({ name, read }) => [
      name.split('/').at(-1)!.length,
      read && 'reason' in read && read.reason,
    ])
    expect(reasons.filter(([, reason]) => reason === 'encrypted')).toEqual(Array(4).fill([40, 'encrypted']))
    expect(reasons.filter(([, reason]) => reason === null)).toHaveLength(3)
  })

  it('takes what is no manifest for none', () => {
    const list = members(randomBytes(seeded(9), 20_000)).filter(([name]) => !name.endsWith('.plist'))
    expect(listed(packed(list)).every(({ read, params }) => read === null && params.length === 0)).toBe(true)
  })
})
