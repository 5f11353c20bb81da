/** A backup of an iPhone in an archive: its files have the names that they had on the phone. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { zipSync } from 'fflate'
import { afterAll, describe, expect, it } from 'vitest'
import { listImage } from '../../src/confined/lister/list-image.ts'
import { walk } from '../../src/confined/walker/walk.ts'
import type { WalkedEntry } from '../../src/contracts/ledger.ts'
import { notDone } from '../../src/contracts/stage.ts'
import { openImage } from '../../src/formats/image/container/index.ts'
import { rangesOf } from '../../src/formats/image/handed-image.ts'
import { HeaderHashIndex } from '../../src/wire/header-hash-index.ts'
import type { Place } from '../../src/wire/walk-protocol.ts'
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

/** As a phone makes it: names that have no file beside, too. @param isEncrypted its rows hold keys, as before iOS 10.2 */
function manifest(isEncrypted = false): Buffer {
  const path = join(mkdtempSync(join(folder, 'made-')), 'Manifest.db')
  const db = new Database(path)
  db.pragma('synchronous = OFF')
  db.exec(
    'CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB)',
  )
  const insert = db.prepare('INSERT INTO Files VALUES (?, ?, ?, 1, ?)')
  db.exec('BEGIN')
  for (const [domain, file] of FILES)
    insert.run(
      idOf(domain, file),
      domain,
      file,
      isEncrypted ? Buffer.from('bplist00]EncryptionKeyO') : randomBytes(seeded(3), 400),
    )
  for (let n = 0; n < 300; n++)
    insert.run(idOf('AppDomain', `${n}`), 'AppDomain', `${n}`, randomBytes(seeded(n), 300))
  db.exec('COMMIT')
  db.close()
  return readFileSync(path)
}

/** A copy that was taken while a program had it open: its rows stand in the log alone, or are being removed. */
function cutOffManifest(mode: 'WAL' | 'DELETE') {
  const path = join(mkdtempSync(join(folder, 'cut-')), 'Manifest.db')
  writeFileSync(path, manifest())
  const db = new Database(path)
  db.pragma(`journal_mode = ${mode}`)
  db.pragma('wal_autocheckpoint = 0')
  db.pragma('secure_delete = ON')
  if (mode === 'WAL') {
    const rows = db.prepare('SELECT * FROM Files').raw().all() as unknown[][]
    db.exec('DELETE FROM Files')
    db.pragma('wal_checkpoint(TRUNCATE)')
    const insert = db.prepare('INSERT INTO Files VALUES (?, ?, ?, ?, ?)')
    for (const row of rows) insert.run(...row)
  } else {
    db.pragma('cache_size = 2')
    db.exec('BEGIN; DELETE FROM Files')
  }
  const copy = {
    file: readFileSync(path),
    beside: readFileSync(`${path}-${mode === 'WAL' ? 'wal' : 'journal'}`),
  }
  if (mode === 'DELETE') db.exec('ROLLBACK')
  db.close()
  return copy
}

/** As iTunes wrote it of iOS 5 to 9. @param key of each file, where they are encrypted */
function oldManifest(key: Buffer | null): Buffer {
  const string = (value: string | Buffer | null) => {
    const bytes = Buffer.from(value ?? '')
    const length = Buffer.alloc(2)
    length.writeUInt16BE(value === null ? 0xffff : bytes.length)
    return Buffer.concat([length, bytes])
  }
  const records = FILES.map(([domain, path], n) => {
    const properties = n === 1 ? [string('com.apple.metadata'), string(randomBytes(seeded(n), 300))] : []
    const fixed = Buffer.concat([randomBytes(seeded(n), 39), Buffer.from([properties.length / 2])])
    return Buffer.concat([
      string(domain),
      string(path),
      string(null),
      string(randomBytes(seeded(n), 20)),
      string(key),
      fixed,
      ...properties,
    ])
  })
  return Buffer.concat([Buffer.from('mbdb\x05\0', 'latin1'), ...records])
}

const AT = 'Backup/00008030-001'

function members(db: Buffer, isOld = false): [name: string, bytes: Buffer][] {
  const at = AT
  const files = FILES.map(([domain, path]): [string, Buffer] => {
    const id = idOf(domain, path)
    return [`${at}/${isOld ? '' : `${id.slice(0, 2)}/`}${id}`, Buffer.from(`content of ${path}`)]
  })
  const foreign = 'ab'.repeat(20)
  // The manifest stands behind what it names, and names nothing of another folder.
  return [
    ...files,
    [`elsewhere/${files[0]![0].slice(-40)}`, Buffer.from('a')],
    [`${at}/ab/${foreign}`, Buffer.from('not in the manifest')],
    [`${at}/Manifest.${isOld ? 'mbdb' : 'db'}`, db],
    [`${at}/Manifest.plist`, Buffer.from('bplist00')],
  ]
}

function tarOf(list: readonly [string, Buffer][]): Buffer {
  const names = list.map(([name]) => name)
  return execFileSync('tar', ['-C', written(list), '-cf', '-', ...names], { maxBuffer: 1 << 28 })
}
const zipOf = (list: readonly [string, Buffer][]): Buffer => Buffer.from(zipSync(Object.fromEntries(list)))

interface Said {
  readonly name: string
  readonly read: WalkedEntry['read']
  readonly params: readonly unknown[]
}

const saidOf = ({ entry, read, named = [] }: WalkedEntry): Said[] =>
  entry.kind !== 'file'
    ? []
    : [
        {
          name: entry.path.bytes.toString().replace(/^.*\0file:/, ''),
          read,
          params: named.map((said) => ('params' in said ? said.params : null)),
        },
      ]

function inImage(bytes: Buffer): Said[] {
  const image = openImage([{ name: 'phone', medium: bytesMedium(bytes) }])
  const options = {
    remains: 'none',
    sample: null,
    lists: [],
    known: new HeaderHashIndex(Buffer.alloc(0)),
    sparseLogicalBytes: 1e12,
    damage: [],
    volumes: null,
    passOver: [],
    given: [],
    at: () => {},
  } as const
  return [...listImage(image, rangesOf(image), options)].flatMap((one) =>
    one.kind === 'entry' ? saidOf(one.walked) : [],
  )
}

function written(list: readonly [string, Buffer][]): string {
  const root = mkdtempSync(join(folder, 'written-'))
  for (const [name, bytes] of list) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), bytes)
  }
  return root
}

function onDisk(list: readonly [string, Buffer][]): Said[] {
  const image = join(mkdtempSync(join(folder, 'disk-')), 'ext4.raw')
  execFileSync('mkfs.ext4', ['-q', '-F', '-d', written(list), image, '4M'])
  return inImage(readFileSync(image))
}

const LIMITS = { sparseLogicalBytes: 1e12, readStallMs: 20_000 }

describe.each<[string, (list: readonly [string, Buffer][]) => Said[]]>([
  ['ZIP', (list) => inImage(zipOf(list))],
  ['TAR', (list) => inImage(tarOf(list))],
  ["disk's image", onDisk],
  ['folder', (list) => [...walk(written(list), LIMITS)].flatMap(saidOf)],
])('a backup of a phone in a %s', (_, listed) => {
  it('gives each file the domain and path that its manifest has', () => {
    const said = new Map(listed(members(manifest())).map(({ name, params }) => [name, params]))
    for (const [domain, path] of FILES) {
      const id = idOf(domain, path)
      expect(said.get(`Backup/00008030-001/${id.slice(0, 2)}/${id}`)).toEqual([
        { path: `${domain}/${path}`, by: 'backup-manifest' },
      ])
    }
    expect([...said.values()].filter((params) => params.length > 0)).toHaveLength(FILES.length)
  })

  it('reads names that stand in the log beside the manifest, or that its journal gives back', () => {
    for (const mode of ['WAL', 'DELETE'] as const) {
      const { file, beside } = cutOffManifest(mode)
      const name = mode === 'WAL' ? 'Manifest.db-wal' : 'Manifest.db-journal'
      const said = listed([...members(file), [`${AT}/${name}`, beside]]).flatMap(({ params }) => params)
      expect(said).toHaveLength(FILES.length)
      const without = listed(members(file)).flatMap(({ params }) => params)
      expect(without.length).toBeLessThan(FILES.length)
    }
  })

  it('names the files of an encrypted one as encrypted, and nothing else', () => {
    const encrypted = listed(members(randomBytes(seeded(9), 20_000)))
    const reasons = encrypted.map(({ name, read }) => [
      name.split('/').at(-1)!.length,
      read && 'reason' in read && read.reason,
    ])
    expect(reasons.filter(([, reason]) => reason === 'encrypted')).toEqual(Array(4).fill([40, 'encrypted']))
    expect(reasons.filter(([, reason]) => reason === null)).toHaveLength(3)
  })

  it('takes what is no manifest for none', () => {
    const list = members(randomBytes(seeded(9), 20_000)).filter(([name]) => !name.endsWith('.plist'))
    expect(listed(list).every(({ read, params }) => read === null && params.length === 0)).toBe(true)
  })

  it('reads the manifest of iOS before 10, and says which files are encrypted', () => {
    for (const key of [null, randomBytes(seeded(5), 44)]) {
      const said = new Map(listed(members(oldManifest(key), true)).map((one) => [one.name, one]))
      for (const [domain, path] of FILES) {
        const { read, params } = said.get(`${AT}/${idOf(domain, path)}`)!
        expect(params).toEqual([{ path: `${domain}/${path}`, by: 'backup-manifest' }])
        expect(read).toEqual(key && notDone('encrypted'))
      }
      expect([...said.values()].filter(({ read }) => read !== null)).toHaveLength(key ? FILES.length : 0)
    }
  })

  it('names files by a manifest that is not encrypted, though they are', () => {
    const said = listed(members(manifest(true))).filter(({ params }) => params.length > 0)
    expect(said.map(({ read }) => read)).toEqual(FILES.map(() => notDone('encrypted')))
  })

  it('takes the names before the place where an old manifest was cut', () => {
    const cut = oldManifest(null).subarray(0, -20)
    expect(listed(members(cut, true)).flatMap(({ params }) => params)).toHaveLength(FILES.length - 1)
  })
})

it('reads a manifest of a folder without following a link, and none above the exhibit', () => {
  const root = written(members(manifest()))
  const at = join(root, AT)
  const [domain, path] = FILES[0]
  const digits = idOf(domain, path).slice(0, 2)
  const named = (folder: string) => [...walk(folder, LIMITS)].flatMap(saidOf).flatMap(({ params }) => params)
  expect(named(at)).toHaveLength(FILES.length)
  expect(named(join(at, digits))).toHaveLength(0)
  renameSync(join(at, 'Manifest.db'), join(root, 'moved'))
  symlinkSync(join(root, 'moved'), join(at, 'Manifest.db'))
  expect(named(at)).toHaveLength(0)
})

it('asks a manifest nothing more where an earlier walk hung at it', () => {
  const root = written(members(manifest()))
  const first = FILES.map(([domain, path]) => idOf(domain, path)).map((id) => `${AT}/${id.slice(0, 2)}/${id}`)
  const asked: string[] = []
  const trace = { moved: () => {}, at: ({ path, call }: Place) => asked.push(`${call} ${path}`) }
  const stuck: Place[] = [{ path: first[0]!, call: 'open' }]
  const said = [...walk(root, { ...LIMITS, stuck, trace })].flatMap(saidOf)
  expect(said.flatMap(({ params }) => params)).toEqual([])
  expect(said.filter(({ read }) => read !== null).map(({ name }) => name)).toEqual([first[0]])
})
