/** An encrypted backup of an iPhone, in an archive and on a disk, and its password: names, pictures, chats, and what stays closed. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  fileIdOf,
  iosBackup,
  iosBackupBefore10,
  type PhoneFile,
  writeIosBackup,
} from '../../fixtures/locked/ios-backup.ts'
import { smallPicture } from '../../src/base/small-files.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { formsOf, LockedExhibit, lacking } from './locked-files.ts'
import { seized, summaryOf } from './seized.ts'

const folder = temporaryFolderForFile()
const PASSWORD = 'of the backup ž'
const AT = 600_000_000

function messages(): Buffer {
  const db = new Database(':memory:')
  db.exec(`CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT, handle_id INTEGER, date INTEGER, is_from_me INTEGER, service TEXT, cache_has_attachments INTEGER);
    CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT, service TEXT);
    CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid TEXT, chat_identifier TEXT, display_name TEXT);
    CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
    CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
    CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, guid TEXT, filename TEXT, mime_type TEXT, transfer_name TEXT, total_bytes INTEGER);
    CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
    INSERT INTO handle VALUES (1, '+37060000005', 'SMS');
    INSERT INTO chat VALUES (1, 'SMS;-;+37060000005', '+37060000005', NULL);
    INSERT INTO chat_message_join VALUES (1, 1);
    INSERT INTO message VALUES (1, 'g1', 'the nightingale sings at nine', 1, ${AT}000000000, 0, 'SMS', 0);`)
  const bytes = db.serialize()
  db.close()
  return bytes
}

const FILES: readonly PhoneFile[] = [
  { domain: 'CameraRollDomain', path: 'Media/DCIM/100APPLE/IMG_0001.PNG', bytes: smallPicture(3) },
  { domain: 'HomeDomain', path: 'Library/SMS/sms.db', bytes: messages() },
  { domain: 'MediaDomain', path: 'Media/odd.bin', bytes: Buffer.from('a letter of 29 bytes, no more') },
]
const [PICTURE, SMS] = FILES as [PhoneFile, PhoneFile]
const placeOf = (file: PhoneFile) => `${fileIdOf(file).slice(0, 2)}/${fileIdOf(file)}`

let of: LockedExhibit
let keys: string
beforeAll(() => {
  writeIosBackup(join(folder, 'made/Backup/00008030'), iosBackup(PASSWORD, FILES))
  execFileSync('tar', ['-C', join(folder, 'made'), '-cf', join(folder, 'phone.tar'), 'Backup'])
  of = new LockedExhibit(folder, join(folder, 'phone.tar'), [PICTURE.bytes, FILES[2]!.bytes])
  keys = of.keys('keys.json', { kind: 'password', secret: 'another' }, { kind: 'password', secret: PASSWORD })
})

describe('an encrypted backup of an iPhone', { timeout: 300_000 }, () => {
  it('opens with its password: files have their names of the phone, pictures are hits, chats are read', () => {
    const ran = of.scan('open.sqlite', keys, '--text')
    // No volume takes a password; the backup takes the second.
    expect([ran.status, ran.stderr.match(/Secret \d/g)]).toEqual([expect.any(Number), ['Secret 1']])
    expect(seized(['keys', 'check', keys, '--image', of.exhibit]).stdout).toContain(
      'secret 2 (password)  opens an encrypted iOS backup',
    )
    const entries = of.entries('open.sqlite')
    const at = (file: PhoneFile) => entries.find(({ path }) => path.endsWith(placeOf(file)))
    for (const file of FILES) {
      expect(at(file)).toMatchObject({
        sizeBytes: file.bytes.length,
        sha256: createHash('sha256').update(file.bytes).digest('hex'),
      })
      expect(JSON.stringify(at(file))).toContain(`${file.domain}/${file.path}`)
    }
    expect(of.hits('open.sqlite').map((path) => path.slice(-40))).toEqual(
      [PICTURE, FILES[2]!].map(fileIdOf).sort(),
    )
    const ledger = join(folder, 'open.sqlite')
    expect(seized(['search', ledger, 'nightingale']).stdout).toContain(fileIdOf(SMS))
    expect(seized(['timeline', ledger, '--format', 'jsonl']).stdout).toContain('+37060000005')
    const opened = 'A locked file (iOS backup) was opened with secret 2 of the keys file'
    for (const page of [of.report('open.sqlite'), of.court('open.sqlite')])
      expect(lacking(page, opened, 'The format has no check of the bytes behind it')).toEqual([])
    expect(seized(['verify', ledger]).status).toBe(0)
    expect(seized(['verify', ledger, '--against', of.exhibit, '--keys', keys]).status).toBe(0)
    for (const bytes of [...of.written('open.sqlite'), Buffer.from(ran.stdout + ran.stderr)])
      for (const secret of [PASSWORD, createHash('sha256').update('class 1 0').digest('hex')])
        for (const form of formsOf(secret)) expect(bytes.includes(form)).toBe(false)
  })

  it('without its password is not done, and both reports say that a password would open it', () => {
    const ran = of.scan('closed.sqlite', null)
    expect(ran.status).toBe(3)
    const sealed = of
      .entries('closed.sqlite')
      .filter(({ path }) => FILES.some((file) => path.endsWith(placeOf(file))))
    expect(sealed.map(({ stages }) => stages.read.reason)).toEqual(['encrypted', 'encrypted', 'encrypted'])
    for (const page of [of.report('closed.sqlite'), of.court('closed.sqlite')])
      expect(lacking(page, 'A locked file (iOS backup)', 'opened by: password.')).toEqual([])
    const wrong = of.keys('wrong.json', { kind: 'password', secret: 'another' })
    expect(of.scan('wrong.sqlite', wrong).status).toBe(3)
    expect(of.hits('wrong.sqlite')).toEqual([])
  })

  it('that was killed goes on with its keys, and its evidence is the same', () => {
    const killed = seized(of.args('killed.sqlite', keys, '--text'), {
      SEIZED_CRASH_AT: 'known:before-commit:1',
    })
    expect(killed.signal).toBe('SIGKILL')
    const ledger = join(folder, 'killed.sqlite')
    const ran = seized(['resume', ledger, '--progress', 'json', '--keys', keys])
    expect(summaryOf(ran).hits).toBe(2)
    const digest = (name: string) =>
      JSON.parse(seized(['summary', join(folder, name), '--json']).stdout).evidenceDigest
    expect(digest('killed.sqlite')).toBe(digest('open.sqlite'))
  })

  it('of iOS before 10, whose manifest is in the clear, opens too', () => {
    writeIosBackup(join(folder, 'old/Backup/old'), iosBackupBefore10(PASSWORD, FILES))
    execFileSync('tar', ['-C', join(folder, 'old'), '-cf', join(folder, 'old.tar'), 'Backup'])
    const old = new LockedExhibit(folder, join(folder, 'old.tar'), [PICTURE.bytes, FILES[2]!.bytes])
    expect(old.scan('old.sqlite', keys).stderr.match(/Secret \d/g)).toEqual(['Secret 1'])
    const entries = old.entries('old.sqlite')
    for (const file of FILES) {
      const entry = entries.find(({ path }) => path.endsWith(fileIdOf(file)))
      const sha256 = createHash('sha256').update(file.bytes).digest('hex')
      expect(entry).toMatchObject({ sizeBytes: file.bytes.length, sha256 })
      expect(JSON.stringify(entry)).toContain(`${file.domain}/${file.path}`)
    }
    expect(old.hits('old.sqlite')).toHaveLength(2)
    old.scan('old-closed.sqlite', null)
    const closed = old.entries('old-closed.sqlite').filter(({ path }) => path.endsWith(fileIdOf(PICTURE)))
    expect(closed.map(({ stages }) => stages.read.reason)).toEqual(['encrypted'])
  })
})
