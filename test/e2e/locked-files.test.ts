/** Encrypted backups of Android, and the password in hand: scan, ledger, reports, resume, exit codes. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { androidBackup } from '../../fixtures/locked/android-backup.ts'
import { noise } from '../../fixtures/pictures.ts'
import { smallTar } from '../../src/base/small-files.ts'
import { temporaryFolder, temporaryFolderForFile } from '../ledger/temporary.ts'
import { drawn } from '../whole.ts'
import { BASIS, formsOf, LockedExhibit, lacking } from './locked-files.ts'
import { seized, summaryOf } from './seized.ts'

const folder = temporaryFolderForFile()
const PASSWORD = 'correct horsé 1'
const OTHER = 'the password of another'
const picture = noise(1, 40_000)
const older = noise(2, 30_000)
const tarOf = (bytes: Buffer) => smallTar([['apps/com.example/f/a.jpg', bytes]])

let of: LockedExhibit
let password: string
beforeAll(() => {
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  writeFileSync(join(exhibit, 'phone.ab'), androidBackup(tarOf(picture), { password: PASSWORD }))
  const old = androidBackup(tarOf(older), { password: PASSWORD, version: 1, isCompressed: false })
  writeFileSync(join(exhibit, 'inside.ab'), old)
  execFileSync('zip', ['-q', '-0', 'more.zip', 'inside.ab'], { cwd: exhibit })
  execFileSync('rm', ['inside.ab'], { cwd: exhibit })
  of = new LockedExhibit(folder, exhibit, [picture, older])
  password = of.keys(
    'keys.json',
    { kind: 'password', secret: OTHER },
    { kind: 'password', secret: PASSWORD, note: 'page 4' },
  )
})

const OPEN = [
  'more.zip » member inside.ab » member backup.tar » member apps/com.example/f/a.jpg',
  'phone.ab » member backup.tar » member apps/com.example/f/a.jpg',
]

describe('an encrypted Android backup', { timeout: 300_000 }, () => {
  it('is opened by its password, also inside an archive: hits in the ledger, secret by number, basis in both reports', () => {
    const ran = of.scan('open.sqlite', password)
    expect([ran.status, ran.stderr]).toEqual([10, ''])
    expect(of.hits('open.sqlite')).toEqual(OPEN)
    const opened = of.entries('open.sqlite').find(({ path }) => path === 'phone.ab')
    expect(opened.stages.opened).toMatchObject({ result: 'done' })
    expect(opened.attributes).toContainEqual(
      expect.objectContaining({
        code: 'file-lock-opened',
        params: { format: 'android-backup', by: 'password', secret: 2, check: 'checksum' },
      }),
    )
    for (const page of [of.report('open.sqlite'), of.court('open.sqlite')]) {
      const opened = '(Android backup) was opened with secret 2 of the keys file: '
      const checks = ['The format has no check of the bytes behind it', 'the bytes have a checksum']
      expect(lacking(page, `${opened}phone.ab`, `${opened}more.zip`, ...checks, BASIS)).toEqual([])
    }
    expect(ran.stdout).toContain('Secret 1 of the keys file opened no locked file; it was tried on 2.')
    expect(seized(['verify', join(folder, 'open.sqlite')]).status).toBe(0)
    expect(
      seized(['verify', join(folder, 'open.sqlite'), '--against', of.exhibit, '--keys', password]).status,
    ).toBe(0)
  })

  it('without its password is not done, and page one in every language says which kind of key would open it', () => {
    const ran = of.scan('closed.sqlite', null)
    expect(ran.status).toBe(3)
    const closed = of.entries('closed.sqlite').filter(({ path }) => path.endsWith('.ab'))
    expect(closed.map(({ stages }) => stages.opened)).toEqual([
      expect.objectContaining({ result: 'not-done', reason: 'encrypted' }),
      expect.objectContaining({ result: 'not-done', reason: 'encrypted' }),
    ])
    for (const page of [of.report('closed.sqlite'), of.court('closed.sqlite')]) {
      expect(lacking(page, '2 locked files (Android backup), among them', 'opened by: password.')).toEqual([])
    }
    for (const language of drawn(['lt', 'es', 'pt', 'fr', 'el', 'bn'], 0, 2))
      expect(lacking(of.court('closed.sqlite', language), 'phone.ab')).toEqual([])
  })

  it('is not opened by another password, which the run says by number', () => {
    const wrong = of.keys('wrong.json', { kind: 'password', secret: OTHER })
    const ran = of.scan('wrong.sqlite', wrong)
    expect(ran.status).toBe(3)
    expect(of.hits('wrong.sqlite')).toEqual([])
    expect(ran.stdout).toContain('Secret 1 of the keys file opened no locked file; it was tried on 2.')
  })

  it('on a disk image is opened as on a mount, and a run that was killed goes on with the same evidence', () => {
    const image = join(folder, 'disk.img')
    writeDiskImage(image, [
      [{ name: 'PHONE.AB', bytes: androidBackup(tarOf(picture), { password: PASSWORD }) }],
    ])
    const disk = new LockedExhibit(folder, image, [picture])
    expect(disk.scan('disk.sqlite', password).status).toBe(10)
    expect(disk.hits('disk.sqlite')).toEqual([
      'volume 1 » PHONE.AB » member backup.tar » member apps/com.example/f/a.jpg',
    ])
    const killed = seized(disk.args('killed.sqlite', password), { SEIZED_CRASH_AT: 'known:before-commit:1' })
    expect(killed.signal).toBe('SIGKILL')
    const ledger = join(folder, 'killed.sqlite')
    expect(seized(['resume', ledger, '--progress', 'json']).status).toBe(2)
    const ran = seized(['resume', ledger, '--progress', 'json', '--keys', password])
    expect(summaryOf(ran).hits).toBe(1)
    const digest = (name: string) =>
      JSON.parse(seized(['summary', join(folder, name), '--json']).stdout).evidenceDigest
    expect(digest('killed.sqlite')).toBe(digest('disk.sqlite'))
  })

  it('is tried by keys check on an image: each secret, wrong ones by number, files that stay closed', () => {
    const image = join(temporaryFolder(), 'check.img')
    writeDiskImage(image, [
      [
        { name: 'PHONE.AB', bytes: androidBackup(tarOf(picture), { password: PASSWORD }) },
        { name: 'OLD.AB', bytes: androidBackup(tarOf(older), { password: 'a third one' }) },
        { name: 'GONE.AB', bytes: androidBackup(tarOf(older), { password: 'a fourth' }), state: 'deleted' },
        { name: 'PLAIN.ZIP', bytes: Buffer.from('no archive') },
      ],
    ])
    const secrets = [OTHER, PASSWORD].map((secret) => ({ kind: 'password', secret, for: 'files' }))
    const all = of.keys('check.json', ...secrets, { kind: 'backup-key', secret: '1234' })
    const check = (...more: string[]) => seized(['keys', 'check', all, '--image', image, ...more])
    const { status, stdout, stderr } = check()
    expect([status, stderr]).toEqual([2, ''])
    expect(stdout).toMatch(/secret 1 \(password\) {2}WRONG: opens nothing; tried on 3 locked files/)
    expect(stdout).toMatch(/secret 2 \(password\) {2}opens volume 1 . PHONE\.AB/)
    expect(stdout).toContain(
      'secret 3 (backup-key)  not needed for a volume; a scan tries it on locked files',
    )
    expect(stdout).toMatch(/OLD\.AB \(Android backup\) stays closed; it would be opened by: password/)
    expect(stdout).not.toContain('PLAIN')
    const said = JSON.parse(check('--json').stdout)
    expect(
      said.files.map(({ path, secret }: { path: string; secret: number }) => [path.slice(11), secret]).sort(),
    ).toEqual([
      ['OLD.AB', null],
      ['PHONE.AB', 2],
      // Deleted: FAT keeps no first letter.
      [expect.stringMatching(/^_ONE\.AB/), null],
    ])
    for (const secret of [PASSWORD, OTHER]) expect(stdout.includes(secret)).toBe(false)
  })

  it('is gone on with by a keys file that opens what the first one opened, in any order, and by no other', () => {
    const root = join(temporaryFolder(), 'exhibit')
    mkdirSync(root)
    writeFileSync(join(root, 'phone.ab'), androidBackup(tarOf(picture), { password: PASSWORD }))
    const other = new LockedExhibit(folder, root, [picture])
    const [of1, wrong, turned] = [
      other.keys('1.json', { kind: 'password', secret: PASSWORD }),
      other.keys('2.json', { kind: 'password', secret: OTHER }),
      other.keys('3.json', { kind: 'password', secret: OTHER }, { kind: 'password', secret: PASSWORD }),
    ]
    const name = 'again.sqlite'
    const killed = seized(other.args(name, of1), { SEIZED_CRASH_AT: 'unknown:before-commit:2' })
    expect(killed.signal).toBe('SIGKILL')
    const more = ['--progress', 'json', '--allow-writable-mount', '--allow-unconfined', '--keys']
    const before = readFileSync(join(folder, name))
    const refused = seized(['resume', join(folder, name), ...more, wrong])
    expect(refused.status).toBe(2)
    const said = JSON.parse(refused.stdout.trim().split('\n').at(-1)!)
    expect(said).toMatchObject({ event: 'error', code: 'keys-missing' })
    expect(said.message).toContain('phone.ab (or one inside it), which secret 1 opened when the run began')
    expect(readFileSync(join(folder, name)).equals(before)).toBe(true)
    expect(summaryOf(seized(['resume', join(folder, name), ...more, turned])).hits).toBe(1)
  })

  it.each(['image', 'mount'])(
    'is gone on with from a ledger that left it locked, and nothing else is read again: %s',
    (kind) => {
      const root = join(temporaryFolder(), kind)
      const [locked, other, plain] = [
        androidBackup(tarOf(picture), { password: PASSWORD }),
        noise(5, 9000),
        older,
      ]
      if (kind === 'image')
        writeDiskImage(root, [
          [
            { name: 'PHONE.AB', bytes: locked },
            { name: 'PLAIN.BIN', bytes: plain },
          ],
          [{ name: 'OTHER.BIN', bytes: other }],
        ])
      else {
        mkdirSync(root)
        writeFileSync(join(root, 'PHONE.AB'), locked)
        writeFileSync(join(root, 'PLAIN.BIN'), plain)
      }
      const both = new LockedExhibit(folder, root, [picture, older])
      const [before, after, again] = ['before', 'after', 'again'].map((name) => `${kind}-${name}.sqlite`) as [
        string,
        string,
        string,
      ]
      expect(both.scan(before, null).status).toBe(13)
      const more = ['--continue-locked', join(folder, before)]
      // Of the image one volume is left out, which is never complete.
      expect(both.scan(after, password, ...more).status).toBe(kind === 'image' ? 13 : 10)
      const at = kind === 'image' ? 'volume 1 » ' : ''
      expect(both.hits(after)).toEqual([
        `${at}PHONE.AB » member backup.tar » member apps/com.example/f/a.jpg`,
      ])
      const left = both.entries(after).find(({ path }) => path === `${at}PLAIN.BIN`)
      expect(left.stages.read).toMatchObject({ result: 'out-of-scope', reason: 'scope-locked' })
      const names = both.entries(after).map(({ path }) => path)
      expect(names.filter((path) => path.includes('OTHER'))).toEqual([])
      for (const page of [both.report(after), both.court(after)])
        expect(
          lacking(page, 'examines only the volumes and files that an earlier, sealed record left locked'),
        ).toEqual([])
      expect(seized(['verify', join(folder, after)]).status).toBe(0)
      const nothing = both.scan(again, password, '--continue-locked', join(folder, after))
      expect(JSON.parse(nothing.stdout.trim().split('\n').at(-1)!)).toMatchObject({ code: 'keys-missing' })
    },
  )

  it('leaves no secret in anything that a run writes or says', () => {
    const ran = of.scan('secret.sqlite', password)
    const said = [Buffer.from(ran.stdout + ran.stderr), Buffer.from(of.report('secret.sqlite'))]
    for (const bytes of [...of.written('secret.sqlite'), ...said])
      for (const secret of [PASSWORD, OTHER])
        for (const form of formsOf(secret)) expect(bytes.includes(form)).toBe(false)
  })
})
