/** A locked volume and a key in hand, as an examiner meets them: scan, ledger, reports, exit codes. */
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Locked, lockPartition } from '../../fixtures/bitlocker.ts'
import { type DiskFile, writeDiskImage } from '../../fixtures/disk-image.ts'
import { hasTool, run } from '../image/container/helpers.ts'
import { drawn } from '../whole.ts'
import { exported, seized, start, summaryOf } from './seized.ts'

const RECOVERY = '235818-357951-253979-013365-241120-245575-342914-591910'
const OTHER = '042647-302313-590458-071500-554323-116567-412181-516978'
const PASSWORD = 'anaconda£ of the suspect'
const BASIS = 'warrant 12/2026, key handed over 2026-11-20'

const content = (seed: number, length: number) =>
  Buffer.concat(
    Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
      createHash('sha256').update(`${seed} ${i}`).digest(),
    ),
  ).subarray(0, length)
const OPEN: readonly DiskFile[] = [{ name: 'OPEN.JPG', bytes: content(1, 9000) }]
const LOCKED: readonly DiskFile[] = [
  { name: 'DCIM/IMG_0001.JPG', bytes: content(2, 50_000) },
  { name: 'DCIM/IMG_0002.JPG', bytes: content(3, 5000), state: 'deleted' },
  { name: 'NOTE.TXT', bytes: Buffer.from('a note\n') },
]

let folder: string
let plain: string
let image: string
let list: string
let keys: string
let locked: Locked
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seized-locked-'))
  plain = join(folder, 'plain.img')
  image = join(folder, 'disk.img')
  writeDiskImage(plain, [OPEN, LOCKED])
  writeDiskImage(image, [OPEN, LOCKED])
  locked = lockPartition(image, 1, { recoveryPassword: RECOVERY, password: PASSWORD })
  list = join(folder, 'list.txt')
  const listed = [OPEN[0], LOCKED[0], LOCKED[1]].map((file) =>
    createHash('sha256').update(file!.bytes).digest('hex'),
  )
  writeFileSync(list, `${listed.join('\n')}\n`)
  keys = keysFile('keys.json', {
    kind: 'recovery-password',
    secret: RECOVERY,
    note: 'file of the case, page 4',
  })
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function keysFile(name: string, ...secrets: object[]): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify({ keys: 1, secrets }), { mode: 0o600 })
  return path
}

function scanArgs(what: string, ledger: string, ...more: string[]): string[] {
  const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', join(folder, ledger)]
  const how = ['--hashset', `illegal:${list}`, '--phases', 'inventory,known', '--progress', 'json']
  return ['scan', what, ...who, ...how, ...more]
}

const withKeys = (file = keys) => ['--keys', file, '--basis', BASIS]

function hitsIn(ledger: string): string[] {
  return exported(join(folder, ledger), folder)
    .filter(({ hits }) => hits.length > 0)
    .map(({ path }) => path.replace(/ » record.*/, ' (deleted)'))
}

function reportOf(ledger: string, format: string, ...more: string[]): string {
  const out = join(folder, `${ledger}${more.join('')}.${format}`)
  expect(
    seized(['report', join(folder, ledger), '--format', format, '--out', out, '--overwrite', ...more]).status,
  ).toBe(0)
  return readFileSync(out, 'utf8')
}

describe('a BitLocker volume and its recovery password', { timeout: 300_000 }, () => {
  it('is examined like any volume: live, deleted, every byte in a class; ledger and reports name protector and basis', () => {
    const ran = seized(scanArgs(image, 'open.sqlite', ...withKeys()))
    expect([ran.status, ran.stderr]).toEqual([10, ''])
    expect(hitsIn('open.sqlite')).toEqual([
      'volume 1 » OPEN.JPG',
      'volume 2 » DCIM/IMG_0001.JPG',
      'volume 2 » DCIM/_MG_0002.JPG (deleted)',
    ])
    expect(seized(['verify', join(folder, 'open.sqlite')]).status).toBe(0)
    for (const page of [
      reportOf('open.sqlite', 'html'),
      reportOf('open.sqlite', 'html', '--edition', 'court'),
    ]) {
      expect(page).toContain(locked.protectors['recovery-password']!)
      expect(page).toContain(BASIS)
      expect(page).toContain('was opened: recovery password')
      expect(page).not.toContain('were not examined: encrypted')
    }
    expect(reportOf('open.sqlite', 'html')).toContain('in the encryption')
  })

  it('holds what the plain volume holds: the same files with the same digests', () => {
    expect(seized(scanArgs(plain, 'plain.sqlite')).status).toBe(10)
    const facts = (ledger: string) =>
      exported(join(folder, ledger), folder).map(({ path, sizeBytes, sha256 }) => [path, sizeBytes, sha256])
    expect(facts('open.sqlite')).toEqual(facts('plain.sqlite'))
  })

  it('without a key is a lock that page one, the court’s edition and seized image name with the kind of key that opens it', () => {
    expect(seized(scanArgs(image, 'closed.sqlite')).status).toBe(13)
    expect(hitsIn('closed.sqlite')).toEqual(['volume 1 » OPEN.JPG'])
    const told = seized(['image', image])
    for (const page of [
      reportOf('closed.sqlite', 'html'),
      reportOf('closed.sqlite', 'html', '--edition', 'court'),
      told.stdout,
    ]) {
      expect(page).toContain('nothing opened it, and it was not examined')
      expect(page).toContain('recovery password')
      expect(page).toContain(locked.protectors['recovery-password']!)
      expect(page).toContain('EXHIBIT-PC D: 01/03/2026')
    }
    expect(told.status).toBe(3)
    for (const language of drawn(['lt', 'es', 'pt', 'fr', 'el', 'bn'], 1, 2))
      expect(reportOf('closed.sqlite', 'html', '--edition', 'court', '--language', language)).toContain(
        locked.volumeGuid,
      )
  })

  it('opens by every secret that is one of its own: password, startup key, key of the volume, master key', () => {
    writeFileSync(join(folder, 'key.BEK'), locked.startupKey)
    const all = keysFile(
      'all.json',
      { kind: 'password', secret: PASSWORD },
      { kind: 'startup-key', file: 'key.BEK' },
      { kind: 'raw-key', secret: locked.volumeKey },
      { kind: 'raw-key', secret: locked.masterKey },
    )
    const checked = seized(['keys', 'check', all, '--image', image])
    expect(checked.stdout.match(/secret \d \([a-z-]+\) {2}opens volume 2/g)).toHaveLength(4)
    expect(checked.status).toBe(0)
    const plainVolume = readFileSync(plain)
    const at = plainVolume.readUInt32LE(446 + 16 + 8) * 512
    const bytes = plainVolume.subarray(at, at + plainVolume.readUInt32LE(446 + 16 + 12) * 512)
    const told = JSON.parse(seized(['image', image, '--keys', all, '--verify', '--json']).stdout)
    // The places of the metadata read as zeros, which they are on the plain volume too.
    expect(told.verified.opened).toEqual([
      { volume: 2, sha256: createHash('sha256').update(bytes).digest('hex') },
    ])
  })

  it('is read out of an E01 as out of the raw image', () => {
    if (!hasTool('ewfacquire')) return
    run(
      'ewfacquire',
      ['-u', '-t', 'disk', '-f', 'encase6', '-S', '1GiB', '-c', 'deflate:fast', 'disk.img'],
      folder,
    )
    expect(seized(scanArgs(join(folder, 'disk.E01'), 'e01.sqlite', ...withKeys())).status).toBe(10)
    expect(hitsIn('e01.sqlite')).toEqual(hitsIn('open.sqlite'))
  })

  it('whose protection is suspended is opened by the key that lies on it, and every report says so', () => {
    const suspended = join(folder, 'suspended.img')
    writeDiskImage(suspended, [OPEN, LOCKED])
    lockPartition(suspended, 1, { suspended: true })
    expect(seized(scanArgs(suspended, 'suspended.sqlite')).status).toBe(10)
    expect(hitsIn('suspended.sqlite')).toHaveLength(3)
    expect(reportOf('suspended.sqlite', 'html')).toContain('its protection was suspended')
  })
})

describe('a keys file', { timeout: 300_000 }, () => {
  const refused = (...more: string[]) => {
    const ran = seized(scanArgs(image, 'never.sqlite', ...more))
    expect(existsSync(join(folder, 'never.sqlite'))).toBe(false)
    expect(ran.stdout + ran.stderr).not.toMatch(/357951|302313|anaconda/)
    return [ran.status, JSON.parse(ran.stdout.trim().split('\n').at(-1)!)] as const
  }

  it('with a wrong secret ends before anything is read, and names it by number', () => {
    const wrong = keysFile(
      'wrong.json',
      { kind: 'recovery-password', secret: RECOVERY },
      { kind: 'recovery-password', secret: OTHER },
    )
    const [status, said] = refused(...withKeys(wrong))
    expect([status, said.code]).toEqual([2, 'key-wrong'])
    expect(said.message).toContain(
      'Secret 2 of the keys file (recovery-password) is wrong: it was tried on volume 2 (bitlocker',
    )
    const checked = seized(['keys', 'check', wrong, '--image', image])
    expect(checked.status).toBe(2)
    expect(checked.stdout).toMatch(
      /secret 1 \(recovery-password\) {2}opens volume 2[\s\S]*secret 2 \(recovery-password\) {2}WRONG/,
    )
  })

  it('needs a legal basis', () => {
    const [status, said] = refused('--keys', keys)
    expect(status).toBe(2)
    expect(said.message).toContain('--basis')
  })

  it.each([
    [
      'a digit that was read wrongly',
      { keys: 1, secrets: [{ kind: 'recovery-password', secret: RECOVERY.replace('253979', '253978') }] },
      'group 3',
    ],
    ['a kind that is none', { keys: 1, secrets: [{ kind: 'pin', secret: '1234' }] }, 'secret 1'],
    [
      'more than is known',
      { keys: 1, secrets: [{ kind: 'password', secret: PASSWORD, hint: 'dog' }] },
      'secret 1',
    ],
    [
      'secret and file',
      { keys: 1, secrets: [{ kind: 'password', secret: PASSWORD, file: 'x' }] },
      'secret 1',
    ],
    ['another version', { keys: 2, secrets: [{ kind: 'password', secret: PASSWORD }] }, '"keys": 1'],
    ['no secret', { keys: 1, secrets: [] }, '"keys": 1'],
  ])('with %s is refused without a word of it', (_what, file, named) => {
    const path = join(folder, 'malformed.json')
    writeFileSync(path, JSON.stringify(file))
    const [status, said] = refused(...withKeys(path))
    expect([status, said.code]).toEqual([2, 'keys-malformed'])
    expect(said.message).toContain(named)
  })

  it('broken off is refused without a word of it, and plain lines are read as JSON is', () => {
    const path = join(folder, 'broken.json')
    writeFileSync(path, `{"keys": 1, "secrets": [{"kind": "password", "secret": "${PASSWORD}`)
    expect(refused(...withKeys(path))[1].code).toBe('keys-malformed')
    const lines = join(folder, 'keys.txt')
    writeFileSync(lines, `# from the file of the case\nrecovery-password: ${RECOVERY}\n`)
    const ran = seized(scanArgs(image, 'lines.sqlite', ...withKeys(lines)))
    expect(summaryOf(ran).hits).toBe(3)
  })

  it('with the password of a file inside names it as such, so that no volume is tried with it', () => {
    const both = [
      { kind: 'recovery-password', secret: RECOVERY },
      { kind: 'password', secret: 'of a backup inside' },
    ]
    const wrong = keysFile('no-use.json', ...both)
    const [status, said] = refused(...withKeys(wrong))
    expect([status, said.code]).toEqual([2, 'key-wrong'])
    expect(said.message).toContain('has "for": "files"')
    const named = keysFile('use.json', both[0]!, { ...both[1]!, for: 'files' })
    const ran = seized(scanArgs(image, 'use.sqlite', ...withKeys(named)))
    expect([ran.status, ran.stderr]).toEqual([10, ''])
    const lines = join(folder, 'use.txt')
    writeFileSync(lines, `recovery-password: ${RECOVERY}\npassword for files: of a backup inside\n`)
    expect(seized(['keys', 'check', lines, '--image', image]).status).toBe(0)
  })

  it('with a secret that no lock takes says so and goes on', () => {
    writeFileSync(join(folder, 'container.key'), 'a key file')
    const more = keysFile(
      'more.json',
      { kind: 'recovery-password', secret: RECOVERY },
      { kind: 'key-file', file: 'container.key' },
    )
    const ran = seized(scanArgs(image, 'more.sqlite', ...withKeys(more)))
    expect(ran.status).toBe(10)
    expect(ran.stderr).toContain('Secret 2 of the keys file (key-file) was not needed')
  })
})

describe('a run with keys', { timeout: 300_000 }, () => {
  it('is gone on with by keys alone that open the same volumes', () => {
    const ledger = join(folder, 'resumed.sqlite')
    const crashed = seized(scanArgs(image, 'resumed.sqlite', ...withKeys()), {
      SEIZED_CRASH_AT: 'known:before-commit:1',
    })
    expect(crashed.signal).toBe('SIGKILL')
    const resume = (...more: string[]) => seized(['resume', ledger, '--progress', 'json', ...more])
    const without = resume()
    expect([without.status, JSON.parse(without.stdout.trim().split('\n').at(-1)!).code]).toEqual([
      2,
      'keys-missing',
    ])
    const by = keysFile('by-password.json', { kind: 'password', secret: PASSWORD })
    expect(resume('--keys', by).status).toBe(10)
    expect(hitsIn('resumed.sqlite')).toEqual(hitsIn('open.sqlite'))
    const digest = (name: string) =>
      JSON.parse(seized(['summary', join(folder, name), '--json']).stdout).evidenceDigest
    expect(digest('resumed.sqlite')).toBe(digest('open.sqlite'))
  })

  it('goes on from a ledger that was made without keys: a new ledger, chained to its head, of what was locked alone', () => {
    const closed = join(folder, 'closed.sqlite')
    const more = ['--continue-locked', closed]
    expect(seized(scanArgs(image, 'none.sqlite', ...more)).status).toBe(2)
    const ran = seized(scanArgs(image, 'continued.sqlite', ...withKeys(), ...more))
    expect(summaryOf(ran).hits).toBe(2)
    expect(hitsIn('continued.sqlite')).toEqual(
      hitsIn('open.sqlite').filter((path) => path.startsWith('volume 2')),
    )
    const head = /chain head +([0-9a-f]{64})/.exec(seized(['verify', closed]).stdout)![1]!
    for (const page of [
      reportOf('continued.sqlite', 'html'),
      reportOf('continued.sqlite', 'html', '--edition', 'court'),
    ])
      expect(page).toMatch(/left locked \(newest head of that record: [0-9a-f]{64}\)/)
    expect(head).toHaveLength(64)
    expect(seized(['verify', join(folder, 'continued.sqlite')]).status).toBe(0)
    const again = seized(
      scanArgs(image, 'none.sqlite', ...withKeys(), '--continue-locked', join(folder, 'open.sqlite')),
    )
    expect(JSON.parse(again.stdout.trim().split('\n').at(-1)!).code).toBe('keys-missing')
  })

  it('is verified against the exhibit with its keys, and not without', () => {
    const ledger = join(folder, 'open.sqlite')
    expect(seized(['verify', ledger, '--against', image]).status).toBe(2)
    const verified = seized(['verify', ledger, '--against', image, '--keys', keys])
    expect([verified.status, verified.stdout]).toEqual([0, expect.stringContaining('contents read again')])
  })

  it('leaves no secret in ledger, log, temporary file, argument, environment or output', async () => {
    const temporary = mkdtempSync(join(folder, 'tmp-'))
    const child = start(scanArgs(image, 'secret.sqlite', ...withKeys()), {
      TMPDIR: temporary,
      XDG_STATE_HOME: temporary,
    })
    const seen: string[] = []
    let said = ''
    child.stdout.on('data', (text) => (said += text))
    child.stderr.on('data', (text) => (said += text))
    const ended = new Promise((done) => child.on('close', done))
    const cores: string[] = []
    const watch = setInterval(() => {
      seen.push(argumentsAndEnvironments())
      cores.push(/Max core file size +(\d+)/.exec(readOrEmpty(`/proc/${child.pid}/limits`))?.[1] ?? '')
    }, 50)
    await ended
    clearInterval(watch)
    expect(cores).toContain('0')
    expect(seen.some((text) => text.includes('secret.sqlite'))).toBe(true)
    const written = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.startsWith('secret.sqlite') || name.startsWith('tmp-'))
      .map((name) => join(folder, name))
      .filter((path) => !readdirOrNull(path))
      .map((path) => readFileSync(path).toString('latin1'))
    expect(written.length).toBeGreaterThan(0)
    const secrets = [RECOVERY, RECOVERY.replaceAll('-', ''), locked.volumeKey, locked.masterKey]
    for (const text of [...seen, ...written, said])
      for (const secret of [
        ...secrets,
        ...secrets.map((one) => Buffer.from(one).toString('hex')),
        ...secrets.map((one) => Buffer.from(one, 'hex').toString('latin1')).filter((one) => one.length > 8),
      ])
        expect(text.includes(secret)).toBe(false)
  })
})

function argumentsAndEnvironments(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ['cmdline', 'environ'].map((name) => readOrEmpty(`/proc/${pid}/${name}`)).join('\n'))
    .join('\n')
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    // It ended meanwhile, or is another account's.
    return String((error as NodeJS.ErrnoException).code)
  }
}

function readdirOrNull(path: string): boolean {
  try {
    readdirSync(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false
    throw error
  }
}
