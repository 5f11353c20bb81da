/** A pack as its receiver checks it: every command of its own page, with what signs it; and what verify makes of a changed one. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { sealedWithLog, temporaryFolderForFile } from '../ledger/temporary.ts'
import { answer, HAS_OPENSSL, issue, makeAuthority, openssl } from '../sign/authority.ts'
import { BIN, seized, temporaryFolder } from './seized.ts'

const by = ['--operator', 'A. Example']

/** A digit of a digest that is another one, whatever it was. */
const another = (digit: string) => (digit === '0' ? '1' : '0')

/** Every file of a folder by its digest. */
function digests(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  )
}

it('verify writes nothing, neither beside the ledger nor into the journal of heads, unless it is asked to note it', () => {
  const [folder, state] = [temporaryFolder(), temporaryFolder()]
  const ledger = sealedWithLog(folder)
  const before = digests(folder)
  const env = { XDG_STATE_HOME: state }
  const { status, stderr } = seized(['verify', ledger], env)
  expect([status, stderr, digests(folder), readdirSync(state)]).toEqual([0, '', before, []])
  const noted = seized(['verify', ledger, '--note', ...by], env)
  expect([noted.status, noted.stderr]).toEqual([0, expect.stringMatching(/^custody head/)])
  expect(digests(folder)).not.toEqual(before)
  expect(existsSync(join(state, 'seized', 'heads.jsonl'))).toBe(true)
})

it('verify of a log that a crash left half written writes nothing either', () => {
  const folder = temporaryFolder()
  const ledger = sealedWithLog(folder)
  const log = `${ledger}.custody.sqlite`
  // A hot journal as a killed process leaves it: the pages as they were before, and a log that was changed meanwhile.
  const killed = `import Database from 'better-sqlite3'
    const db = new Database(${JSON.stringify(log)})
    db.pragma('cache_size = 1'); db.pragma('cache_spill = 1')
    db.exec('BEGIN IMMEDIATE; DROP TRIGGER custody_no_update')
    db.exec("UPDATE custody SET account = hex(zeroblob(20000))")
    process.kill(process.pid, 'SIGKILL')`
  spawnSync(process.execPath, ['--input-type=module', '-e', killed], { cwd: import.meta.dirname })
  expect(existsSync(`${log}-journal`)).toBe(true)
  const before = digests(folder)
  const { status, stdout } = seized(['verify', ledger])
  expect([status, stdout]).toEqual([0, expect.stringContaining('VERIFIED: ')])
  expect(digests(folder)).toEqual(before)
})

describe.skipIf(!HAS_OPENSSL)('a pack with every kind of signature', () => {
  const folder = temporaryFolderForFile()
  const at = (name: string) => join(folder, name)
  const pack = at('case.seized.zip')

  beforeAll(() => {
    makeAuthority(folder)
    issue(folder, 'examiner')
    issue(folder, 'tsa', { usage: 'timeStamping' })
    openssl(folder, ['genpkey', '-algorithm', 'ed25519', '-out', 'lab.key'])
    writeFileSync(at('secret'), 'secret\n')
    const ledger = sealedWithLog(folder)
    const ran = (...args: string[]) => {
      const { status, stderr } = seized(args)
      if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
    }
    const p12 = ['--p12', at('examiner.p12'), '--passphrase-file', at('secret')]
    ran('report', ledger, '--format', 'pdf', '--allow-unconfined', '--out', at('report.pdf'))
    ran('sign', ledger, ...p12, '--pdf', at('report.pdf'), '--out', at('signed report.pdf'), ...by)
    ran('seal-statement', ledger, '--output', at('report.pdf'), ...by)
    ran('sign', ledger, ...p12, ...by)
    ran('sign', ledger, '--key', at('lab.key'), ...by)
    ran('timestamp', ledger, '--request', at('one.tsq'), ...by)
    answer(folder, at('one.tsq'), at('one.tsr'))
    ran('timestamp', ledger, '--response', at('one.tsr'), '--trust', at('tsa.pem'), ...by)
    ran('pack', ledger, '--report', at('signed report.pdf'), '--out', pack, ...by)
  })

  function unpacked(): string {
    const to = join(temporaryFolder(), 'pack')
    expect(seized(['unpack', pack, '--out', to]).status).toBe(0)
    return to
  }

  it('has a command for each, and every one holds as it stands on the page; a changed statement fails them', () => {
    const to = unpacked()
    // What the reader trusts and has: the authority's certificate, and the program.
    copyFileSync(at('ca.pem'), join(to, 'AUTHORITY.pem'))
    const bin = temporaryFolder()
    writeFileSync(join(bin, 'seized'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`)
    chmodSync(join(bin, 'seized'), 0o755)
    const page = readFileSync(join(to, 'HOW-TO-CHECK.txt'), 'utf8')
    const commands = page
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /^(sha256sum|openssl|seized) /.test(line))
    expect(commands.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual([
      'sha256sum --check',
      'seized verify',
      'openssl cms',
      'openssl pkeyutl',
      'openssl ts',
      'seized verify',
    ])
    const run = (command: string) =>
      spawnSync('sh', ['-c', command], {
        cwd: to,
        encoding: 'utf8',
        env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
      })
    for (const command of [...commands, commands[0]!]) {
      const { status, stdout, stderr } = run(command)
      expect([command, status, stdout + stderr]).toEqual([command, 0, expect.any(String)])
    }
    const statement = readdirSync(to).find((name) => name.startsWith('statement-'))!
    writeFileSync(join(to, statement), readFileSync(join(to, statement), 'utf8').replace('"', ' "'))
    for (const command of commands.filter((one) => one.includes(statement)))
      expect([command, run(command).status]).not.toEqual([command, 0])
    expect(run(commands[0]!).status).not.toBe(0)
    expect(run(commands[1]!).status).toBe(4)
  })

  it('verified by its receiver still agrees with its manifest, and says what the receiver added himself', () => {
    const to = unpacked()
    const before = digests(to)
    const ledger = join(to, 'case.sqlite')
    expect(seized(['verify', ledger]).status).toBe(0)
    expect(digests(to)).toEqual(before)
    expect(seized(['search', ledger, 'dcim']).status).toBe(0)
    const after = seized(['verify', ledger])
    expect([after.status, after.stdout]).toEqual([
      0,
      expect.stringContaining('The custody log went on since it was packed'),
    ])
  })

  it.each([
    ['HOW-TO-CHECK.txt', (text: string) => text.replace('openssl cms -verify', 'true # ')],
    ['manifest.json', (text: string) => text.replace(/(?<="newestHead": ")./, another)],
    ['manifest.json', (text: string) => text.replace(/"exhibit": "/, '"exhibit": "not-')],
    ['manifest.json', (text: string) => text.replace(/"case": "/, '"case": "not-')],
    ['SHA256SUMS', (text: string) => text.replace(/^./, another)],
  ])(
    'is refused with another %s, by unpack and beside the ledger by verify, also where sums and manifest were made anew',
    (name, change) => {
      const to = unpacked()
      const files = Object.fromEntries(
        Object.entries(unzipSync(readFileSync(pack))).map(([file, bytes]) => [file, Buffer.from(bytes)]),
      )
      const changed = Buffer.from(change(files[name]!.toString('utf8')))
      expect(changed.equals(files[name]!)).toBe(false)
      const again = { ...files, [name]: changed }
      // A forger of manifest.json makes its sums anew; of the others the manifest has the digest.
      if (name === 'manifest.json')
        again.SHA256SUMS = Buffer.from(
          files
            .SHA256SUMS!.toString('utf8')
            .replace(
              /^\w+ {2}manifest\.json$/m,
              `${createHash('sha256').update(changed).digest('hex')}  manifest.json`,
            ),
        )
      const forged = join(temporaryFolder(), 'forged.zip')
      writeFileSync(forged, zipSync(again, { level: 0 }))
      const refused = seized(['unpack', forged, '--out', join(temporaryFolder(), 'out')])
      expect([refused.status, refused.stdout]).toEqual([4, expect.stringContaining('PROBLEM')])
      for (const [file, bytes] of Object.entries(again))
        if (file === name || file === 'SHA256SUMS') writeFileSync(join(to, file), bytes)
      expect(seized(['verify', join(to, 'case.sqlite')]).status).toBe(4)
    },
  )
})

it('a pack of an earlier version is still taken apart', () => {
  const ledger = sealedWithLog()
  const folder = temporaryFolder()
  const out = join(folder, 'case.zip')
  expect(seized(['pack', ledger, '--out', out, ...by]).status).toBe(0)
  const files = unzipSync(readFileSync(out))
  const manifest = JSON.parse(Buffer.from(files['manifest.json']!).toString('utf8'))
  manifest.about = 'seized pack 1'
  manifest.files = manifest.files.filter(({ file }: { file: string }) => file !== 'HOW-TO-CHECK.txt')
  delete files.SHA256SUMS
  files['manifest.json'] = Buffer.from(JSON.stringify(manifest))
  writeFileSync(out, zipSync(files, { level: 0 }))
  const to = join(folder, 'out')
  mkdirSync(folder, { recursive: true })
  expect(seized(['unpack', out, '--out', to, '--verify']).status).toBe(0)
  expect(seized(['verify', join(to, basename(ledger))]).status).toBe(0)
})
