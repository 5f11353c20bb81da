/** Statement, signatures and time stamps as an examiner makes them, with openssl as authority and a card in software. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { custodyPath } from '../../src/ledger/custody/custody.ts'
import { sealedWithLog, temporaryFolderForFile } from '../ledger/temporary.ts'
import { answer, HAS_OPENSSL, issue, makeAuthority, openssl } from '../sign/authority.ts'
import { seized, temporaryFolder } from './seized.ts'

const SOFTHSM = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'].find(
  existsSync,
)
const HAS_CARD = SOFTHSM !== undefined && spawnSync('pkcs11-tool', ['--version']).error === undefined

const by = ['--operator', 'A. Example']

describe.skipIf(!HAS_OPENSSL)('what vouches for a ledger', () => {
  const folder = temporaryFolderForFile()
  const at = (name: string) => join(folder, name)

  beforeAll(() => {
    makeAuthority(folder)
    issue(folder, 'examiner')
    issue(folder, 'expired', { from: '20200101000000Z', to: '20210101000000Z' })
    issue(folder, 'tsa', { usage: 'timeStamping' })
    openssl(folder, ['genpkey', '-algorithm', 'ed25519', '-out', 'lab.key'])
    openssl(folder, ['pkey', '-in', 'lab.key', '-pubout', '-out', 'lab.pub'])
    openssl(folder, ['genpkey', '-algorithm', 'ed25519', '-out', 'other.key'])
    writeFileSync(at('secret'), 'secret\n')
    writeFileSync(at('wrong'), 'wrong\n')
  })

  it('is said to be missing, is made step by step, and is checked by verify without a network', () => {
    const ledger = sealedWithLog()
    const work = temporaryFolder()
    const verify = (...more: string[]) => seized(['verify', ledger, ...more])
    expect(verify().stdout).toContain('There is no seal statement')
    const refused = seized(['sign', ledger, '--key', at('lab.key'), ...by])
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('no seal statement')])

    const statement = join(work, 'statement.json')
    const report = join(work, 'report.html')
    expect(seized(['report', ledger, '--format', 'html', '--out', report]).status).toBe(0)
    const stated = seized(['seal-statement', ledger, '--output', report, '--out', statement, ...by])
    expect([stated.status, stated.stderr]).toEqual([0, expect.stringMatching(/^custody head/)])
    const said = JSON.parse(readFileSync(statement, 'utf8'))
    expect(said).toMatchObject({ about: 'seized seal statement 1', outputs: [{ file: 'report.html' }] })
    expect(seized(['seal-statement', ledger, '--out', statement, ...by]).stderr).toContain('exists')
    expect(verify().stdout).toContain('Nobody signed the newest seal statement')

    const signed = seized(['sign', ledger, '--key', at('lab.key'), ...by])
    expect([signed.status, signed.stdout]).toEqual([0, expect.stringContaining('A. Example, key ')])
    const p12 = ['sign', ledger, '--p12', at('examiner.p12'), ...by]
    const out = join(work, 'statement.p7s')
    expect(seized([...p12, '--passphrase-file', at('secret'), '--out', out]).status).toBe(0)
    // A stranger checks it with OpenSSL alone.
    expect(() =>
      openssl(folder, [
        ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', out, '-content', statement],
        ...['-CAfile', 'ca.pem', '-purpose', 'any', '-out', '/dev/null'],
      ]),
    ).not.toThrow()

    const request = join(work, 'one.tsq')
    expect(seized(['timestamp', ledger, '--request', request, ...by]).status).toBe(0)
    answer(folder, request, join(work, 'one.tsr'))
    const response = ['timestamp', ledger, '--response', join(work, 'one.tsr'), ...by]
    expect(seized([...response, '--trust', at('tsa.pem')]).stdout).toMatch(
      /Time stamp \d+ of seal statement \d+: 20/,
    )

    const whole = verify('--trust', at('ca.pem'), '--trust', at('lab.pub'), '--statement', statement)
    expect([whole.status, whole.stdout]).toEqual([0, expect.stringContaining('VERIFIED: the ledger agrees')])
    expect(whole.stdout).toMatch(/seal statement \d+, .*: agrees with ledger, digests and custody log/)
    expect(whole.stdout.match(/^signature \d+ .*: holds/gm)).toHaveLength(2)
    expect(whole.stdout).toMatch(/^time stamp \d+ of statement \d+: 20/m)
    expect(whole.stdout).not.toMatch(/NOTE .*(?:sign|stamp)/)
    expect(verify().stdout).toMatch(/NOTE .*give --trust/)
    const untrusted = verify('--trust', at('tsa.pem'))
    expect([untrusted.status, untrusted.stdout]).toEqual([
      4,
      expect.stringContaining('is none that is trusted here'),
    ])
  })

  it('signs nothing with a wrong passphrase, another kind of key or a certificate out of date, and takes no foreign response', () => {
    const ledger = sealedWithLog()
    const work = temporaryFolder()
    expect(seized(['seal-statement', ledger, ...by]).status).toBe(0)
    const refused = (...args: string[]) => {
      const { status, stderr } = seized([args[0]!, ledger, ...args.slice(1), ...by])
      expect([args, status]).toEqual([args, 2])
      return stderr
    }
    expect(refused('sign', '--p12', at('examiner.p12'), '--passphrase-file', at('wrong'))).toContain(
      'the passphrase is another',
    )
    expect(refused('sign', '--p12', at('expired.p12'), '--passphrase-file', at('secret'))).toContain(
      'holds from 2020-01-01',
    )
    expect(refused('sign', '--key', at('examiner.key'))).toContain('Ed25519 is wanted')
    expect(refused('sign', '--key', at('absent'))).toContain('could not be read')
    expect(refused('sign', '--p12', at('secret'), '--passphrase-file', at('secret'))).toContain(
      'could not be opened',
    )
    expect(refused('timestamp', '--response', at('secret'))).toContain('No time stamp was asked for')
    const request = join(work, 'one.tsq')
    expect(seized(['timestamp', ledger, '--request', request, ...by]).status).toBe(0)
    expect(refused('timestamp', '--request', request)).toContain('exists')
    const other = sealedWithLog()
    expect(seized(['seal-statement', other, ...by]).status).toBe(0)
    expect(seized(['timestamp', other, '--request', join(work, 'other.tsq'), ...by]).status).toBe(0)
    answer(folder, join(work, 'other.tsq'), join(work, 'other.tsr'))
    expect(refused('timestamp', '--response', join(work, 'other.tsr'))).toContain(
      'the time stamp of another text',
    )
    expect(refused('timestamp', '--response', at('secret'))).toMatch(/not taken in/)
  })

  it('shows a full rewrite of ledger and log to whoever kept the statement', () => {
    const work = temporaryFolder()
    const kept = join(work, 'kept.json')
    const ledger = sealedWithLog()
    expect(seized(['seal-statement', ledger, '--out', kept, ...by]).status).toBe(0)
    // The rewritten one: another run, sealed and logged as a run would, under the same name.
    const rewritten = sealedWithLog()
    rmSync(custodyPath(ledger))
    for (const [from, to] of [
      [rewritten, ledger],
      [custodyPath(rewritten), custodyPath(ledger)],
    ] as const) {
      rmSync(to, { force: true })
      writeFileSync(to, readFileSync(from), { mode: 0o444 })
    }
    const heads = ['--heads', join(work, 'heads.jsonl')]
    expect(seized(['verify', ledger, ...heads]).status).toBe(0)
    const shown = seized(['verify', ledger, '--statement', kept, ...heads])
    expect([shown.status, shown.stdout]).toEqual([4, expect.stringContaining('the statement kept elsewhere')])
  })

  it.skipIf(!HAS_CARD)('signs with a card, whose PIN stands on no command line', () => {
    const work = temporaryFolder()
    const tokens = join(work, 'tokens')
    mkdirSync(tokens)
    const conf = join(work, 'softhsm2.conf')
    writeFileSync(conf, `directories.tokendir = ${tokens}\n`)
    const env = { SOFTHSM2_CONF: conf }
    const run = (program: string, args: readonly string[]) => {
      const { status, stderr } = spawnSync(program, args, {
        env: { ...process.env, ...env },
        encoding: 'utf8',
      })
      expect([program, args[0], status, status === 0 ? '' : stderr]).toEqual([program, args[0], 0, ''])
    }
    run('softhsm2-util', ['--init-token', '--free', '--label', 'lab', '--pin', '4321', '--so-pin', '8765'])
    openssl(folder, ['x509', '-in', 'examiner.pem', '-outform', 'DER', '-out', 'examiner.der'])
    openssl(folder, ['pkcs8', '-topk8', '-nocrypt', '-in', 'examiner.key', '-out', 'examiner.pk8'])
    run('softhsm2-util', [
      '--import',
      at('examiner.pk8'),
      '--token',
      'lab',
      '--label',
      'key',
      '--id',
      'a1',
      '--pin',
      '4321',
    ])
    run('pkcs11-tool', [
      ...['--module', SOFTHSM!, '--login', '--pin', '4321', '--write-object', at('examiner.der')],
      ...['--type', 'cert', '--id', 'a1', '--label', 'key'],
    ])
    const pin = join(work, 'pin')
    writeFileSync(pin, '4321\n')
    const ledger = sealedWithLog()
    expect(seized(['seal-statement', ledger, ...by]).status).toBe(0)
    const card = ['sign', ledger, '--pkcs11', SOFTHSM!, '--id', 'a1', ...by]
    const signed = seized([...card, '--passphrase-file', pin], env)
    expect([signed.status, signed.stdout]).toEqual([0, expect.stringContaining('CN=examiner')])
    expect(seized([...card, '--passphrase-file', at('wrong')], env).stderr).toContain(
      'The card did not answer',
    )
    const checked = seized(['verify', ledger, '--trust', at('ca.pem')])
    expect([checked.status, checked.stdout]).toEqual([0, expect.stringMatching(/^signature \d+ .*: holds/m)])
  })

  it('is also a signature inside the report, of this ledger alone and for the whole file', () => {
    const ledger = sealedWithLog()
    const work = temporaryFolder()
    const [report, signed] = [join(work, 'report.pdf'), join(work, 'signed.pdf')]
    const made = seized(['report', ledger, '--format', 'pdf', '--allow-unconfined', '--out', report])
    expect([made.status, made.stderr]).toEqual([0, expect.stringContaining('report.pdf')])
    const sign = (file: string, p12: string, ...more: string[]) =>
      seized([
        ...['sign', file, '--p12', at(`${p12}.p12`), '--passphrase-file', at('secret')],
        ...['--pdf', report, ...more, ...by],
      ])
    expect(sign(ledger, 'examiner').stderr).toContain('--pdf needs --out')
    expect(sign(sealedWithLog(), 'examiner', '--out', signed).stderr).toContain('no report of this ledger')
    expect(sign(ledger, 'expired', '--out', signed).stderr).toContain('Nothing was signed')
    expect(existsSync(signed)).toBe(false)
    const done = sign(ledger, 'examiner', '--out', signed)
    expect([done.status, done.stdout]).toEqual([0, expect.stringContaining('Signed by CN=examiner')])
    const verify = (...more: string[]) => seized(['verify', ledger, ...more])
    expect(verify().stdout).toContain('1 signed report(s) stand in the custody log')
    const held = verify('--pdf', signed, '--trust', at('ca.pem'))
    expect([held.status, held.stdout]).toEqual([0, expect.stringContaining('the whole file')])
    const text = readFileSync(signed)
    text[text.length - 200] = text[text.length - 200]! ^ 1
    writeFileSync(join(work, 'changed.pdf'), text)
    const changed = verify('--pdf', join(work, 'changed.pdf'))
    expect([changed.status, changed.stdout]).toEqual([4, expect.stringContaining('changed.pdf: ')])
    expect(verify('--pdf', report).stdout).toContain('it is not signed')
  })
})
