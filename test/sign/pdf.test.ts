/** Signatures inside PDFs beside poppler's and OpenSSL's, and changed ones. */
import { spawnSync } from 'node:child_process'
import { createPrivateKey, sign, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { pdf } from '../../src/report/pdf/pdf.ts'
import { NotDer } from '../../src/sign/der.ts'
import { checkPdf, signPdf } from '../../src/sign/pdf.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { exported } from '../report/collect.ts'
import { decidedLedger } from '../report/exchange/decided-ledger.ts'
import { HAS_OPENSSL, issue, makeAuthority, openssl } from './authority.ts'

const AT = new Date('2026-11-26T12:00:00Z')
const has = (program: string, version: string) => spawnSync(program, [version]).error === undefined

describe.skipIf(!HAS_OPENSSL)('a signature in a PDF', { timeout: 120_000 }, () => {
  const folder = temporaryFolderForFile()
  const at = (name: string) => join(folder, name)
  let report: Buffer = Buffer.alloc(0)

  beforeAll(async () => {
    makeAuthority(folder)
    issue(folder, 'rsa')
    issue(folder, 'ec', { ec: true })
    report = await exported(pdf, decidedLedger())
  }, 120_000)

  const signed = (name: string) => {
    const key = createPrivateKey(readFileSync(at(`${name}.key`)))
    const certificates = [name, 'ca'].map((one) => new X509Certificate(readFileSync(at(`${one}.pem`))))
    return signPdf(report, certificates[0]!, [certificates[1]!], AT, (bytes) => sign('sha256', bytes, key))
  }

  it.each(['rsa', 'ec'])('is appended, and holds for the whole file: %s', async (name) => {
    const file = await signed(name)
    expect(file.subarray(0, report.length).equals(report)).toBe(true)
    const { certificate, at: when, original } = checkPdf(file)
    expect(certificate.subject).toContain(`CN=${name}`)
    expect(when).toEqual(AT)
    expect(original.equals(report)).toBe(true)
    await expect(signPdf(file, certificate, [], AT, () => Buffer.alloc(0))).rejects.toThrow(NotDer)
  })

  it.skipIf(!has('pdfsig', '-v') || !has('qpdf', '--version'))(
    'is valid by poppler and OpenSSL, and leaves the PDF whole and PDF/A',
    async () => {
      const file = await signed('rsa')
      writeFileSync(at('signed.pdf'), file)
      mkdirSync(at('nss'), { recursive: true })
      const { stdout } = spawnSync('pdfsig', ['-nssdir', at('nss'), 'signed.pdf'], {
        cwd: folder,
        encoding: 'utf8',
      })
      expect(stdout).toContain('Signature Validation: Signature is Valid.')
      expect(stdout).toContain('Total document signed')
      expect(stdout).toContain('ETSI.CAdES.detached')
      expect(spawnSync('qpdf', ['--check', at('signed.pdf')]).status).toBe(0)
      expect(file.toString('latin1')).toContain('<pdfaid:part>3<')

      const [, from, to] = /ByteRange \[0 (\d+) +(\d+)/.exec(file.toString('latin1'))!.map(Number)
      const hex = file.subarray(from! + 1, to! - 1).toString('latin1')
      const cms = Buffer.from(hex, 'hex')
      writeFileSync(at('signed.p7s'), cms.subarray(0, 4 + cms.readUInt16BE(2)))
      writeFileSync(at('ranges'), Buffer.concat([file.subarray(0, from), file.subarray(to)]))
      expect(() =>
        openssl(folder, [
          ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', 'signed.p7s'],
          ...['-content', 'ranges', '-CAfile', 'ca.pem', '-purpose', 'any', '-out', '/dev/null'],
        ]),
      ).not.toThrow()
      // PAdES: the time stands in the PDF, not in the attributes.
      expect(openssl(folder, ['asn1parse', '-inform', 'DER', '-in', 'signed.p7s'])).not.toContain(
        'signingTime',
      )
    },
  )

  it('does not hold when one byte differs, when something follows, or when it covers less', async () => {
    const file = await signed('ec')
    const [, from, to] = /ByteRange \[0 (\d+) +(\d+)/.exec(file.toString('latin1'))!.map(Number)
    const changed = (place: number) => {
      const copy = Buffer.from(file)
      copy[place] = copy[place]! ^ 1
      return copy
    }
    const step = Math.ceil(file.length / 200)
    // Within the signature itself only what travels along and is not signed (certificates of authorities) may differ.
    for (let place = 7; place < file.length; place += step)
      if (place < from! || place >= from! + 6_000)
        expect(() => checkPdf(changed(place)), String(place)).toThrow(NotDer)
    expect(() => checkPdf(Buffer.concat([file, Buffer.from('1 0 obj')]))).toThrow(
      'appended after it was signed',
    )
    const text = file.toString('latin1')
    const less = Buffer.from(
      text.replace(/ByteRange \[0 \d+/, (one) => one.slice(0, -1)),
      'latin1',
    )
    expect(() => checkPdf(less)).toThrow(NotDer)
    expect(() => checkPdf(report)).toThrow('it is not signed')
    expect(to).toBeGreaterThan(from!)
    for (const none of ['', '%PDF-1.7\n%%EOF', 'startxref 0 %%EOF'])
      await expect(
        signPdf(Buffer.from(none), checkPdf(file).certificate, [], AT, () => Buffer.alloc(0)),
      ).rejects.toThrow('no PDF as seized report writes it')
  })
})
