/** The statement of a case: it names the heads of every ledger, is signed and stamped like one ledger's, and is checked. */
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { custodyPath } from '../../src/ledger/custody/custody.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { answer, HAS_OPENSSL, issue, makeAuthority, openssl } from '../sign/authority.ts'
import { caseOf, copiesOf, remove, type Scanned, scanAll } from './exhibits.ts'

const by = ['--operator', 'A. Example']

describe.skipIf(!HAS_OPENSSL)('the statement of a case', () => {
  const keys = temporaryFolderForFile()
  const at = (name: string) => join(keys, name)
  let scanned: Scanned
  beforeAll(async () => {
    scanned = await scanAll()
    makeAuthority(keys)
    issue(keys, 'examiner')
    issue(keys, 'tsa', { usage: 'timeStamping' })
    openssl(keys, ['genpkey', '-algorithm', 'ed25519', '-out', 'lab.key'])
    openssl(keys, ['pkey', '-in', 'lab.key', '-pubout', '-out', 'lab.pub'])
    writeFileSync(at('secret'), 'secret\n')
  }, 120_000)
  afterAll(() => remove(scanned))

  it('names every ledger, is signed and stamped, and case verify checks all of it', () => {
    const { folder, dir, ledger, seized } = caseOf(scanned)
    expect(seized('case', 'verify', dir).stdout).toContain('There is no case statement')
    expect(seized('sign', dir, '--key', at('lab.key'), ...by).stderr).toContain('no seal statement')
    const report = join(folder, 'case.pdf')
    expect(seized('report', dir, '--format', 'pdf', '--allow-unconfined', '--out', report).status).toBe(0)
    const stated = seized('seal-statement', dir, '--output', report, ...by)
    expect([stated.status, stated.stderr]).toEqual([0, expect.stringContaining('case head')])
    const kept = join(dir, 'case.statement.json')
    const said = JSON.parse(readFileSync(kept, 'utf8'))
    expect(said).toMatchObject({ about: 'seized case statement 1', case: 'T-1' })
    expect(said.outputs).toMatchObject([{ file: 'case.pdf' }])
    for (const one of said.exhibits) {
      const shown = seized('verify', ledger(one.exhibit)).stdout
      expect(shown).toContain(`evidence digest  ${one.evidenceDigest}`)
      expect(shown).toContain(`chain head       ${one.chainHead}`)
    }
    expect(said.exhibits.map(({ exhibit }: { exhibit: string }) => exhibit)).toEqual([
      'LTU-03',
      'LTU-07',
      'LTU-09',
    ])
    expect(seized('sign', dir, '--key', at('lab.key'), ...by).stdout).toMatch(
      /^Signature \d+ of statement of the case \d+: A\. Example, key /,
    )
    const p12 = ['--p12', at('examiner.p12'), '--passphrase-file', at('secret')]
    const out = join(folder, 'case.p7s')
    expect(seized('sign', dir, ...p12, '--out', out, ...by).status).toBe(0)
    // A stranger checks it with OpenSSL alone.
    expect(() =>
      openssl(keys, [
        ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', out, '-content', kept],
        ...['-CAfile', 'ca.pem', '-purpose', 'any', '-out', '/dev/null'],
      ]),
    ).not.toThrow()
    const request = join(folder, 'one.tsq')
    expect(seized('timestamp', dir, '--request', request, ...by).status).toBe(0)
    answer(keys, request, join(folder, 'one.tsr'))
    expect(
      seized('timestamp', dir, '--response', join(folder, 'one.tsr'), '--trust', at('tsa.pem'), ...by).status,
    ).toBe(0)
    const signed = join(folder, 'signed.pdf')
    expect(seized('sign', dir, ...p12, '--pdf', report, '--out', signed, ...by).status).toBe(0)

    const trust = ['--trust', at('ca.pem'), '--trust', at('lab.pub')]
    const whole = seized('case', 'verify', dir, ...trust, '--statement', kept, '--pdf', signed)
    expect([whole.status, whole.stdout]).toEqual([0, expect.stringContaining('VERIFIED: the case and 3')])
    expect(whole.stdout).toMatch(/case statement \d+, .*: agrees with every ledger/)
    expect(whole.stdout.match(/^signature \d+ .*: holds/gm)).toHaveLength(2)
    expect(whole.stdout).toMatch(/^time stamp \d+ of statement \d+: 20/m)
    expect(whole.stdout).toMatch(/^signed report .*the whole file/m)
    // The court reads who signed.
    const page = join(folder, 'case.html')
    expect(seized('report', dir, '--format', 'html', '--out', page).status).toBe(0)
    const text = readFileSync(page, 'utf8').replace(/<[^>]*>/g, ' ')
    expect(text).toMatch(/Log of the case: \d+ November 2026|Log of the case: [^;]*UTC: /)
    expect(text).toContain('CN=examiner')

    // Another exhibit that comes later is no problem; a ledger that goes is.
    const changed = JSON.parse(readFileSync(kept, 'utf8'))
    changed.exhibits[1].custodyHead = 'ab'.repeat(32)
    const forged = join(folder, 'forged.json')
    writeFileSync(forged, JSON.stringify(changed))
    const against = seized('case', 'verify', dir, '--statement', forged)
    expect([against.status, against.stdout]).toEqual([
      4,
      expect.stringContaining('LTU-07: the custody head that it names is not in the custody log'),
    ])
    expect(against.stdout).toContain('letter for letter')
  }, 240_000)

  it('shows who kept it that a ledger and the case were made anew', () => {
    const { folder, dir, ledger, seized } = caseOf(scanned)
    const kept = join(folder, 'kept.json')
    expect(seized('seal-statement', dir, '--out', kept, ...by).status).toBe(0)
    // The case again, from ledgers whose logs begin anew: nothing in it contradicts itself.
    const other = copiesOf(scanned)
    for (const one of ['LTU-03', 'LTU-07', 'LTU-09'] as const)
      for (const of of [(path: string) => path, custodyPath])
        if (existsSync(of(other.ledger(one)))) {
          rmSync(of(ledger(one)), { force: true })
          copyFileSync(of(other.ledger(one)), of(ledger(one)))
        }
    rmSync(custodyPath(join(dir, 'case')))
    const from = (['LTU-03', 'LTU-07', 'LTU-09'] as const).flatMap((one) => ['--from', ledger(one)])
    const heads = ['--heads', join(folder, 'no-heads.jsonl')]
    expect(seized('case', 'init', 'T-1', '--dir', dir, ...from, ...heads).status).toBe(0)
    expect(seized('case', 'verify', dir, ...heads).status).toBe(0)
    const shown = seized('case', 'verify', dir, '--statement', kept, ...heads)
    expect([shown.status, shown.stdout]).toEqual([
      4,
      expect.stringContaining('the head of the case that it names is not in the log of the case before it'),
    ])
  }, 120_000)
})
