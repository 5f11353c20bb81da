/** Our CMS and time stamps beside OpenSSL's: each takes what the other made, and neither what was changed. */
import { createPrivateKey, sign, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { problemOf } from '../../src/sign/certificates.ts'
import { checkCms, makeDetachedCms } from '../../src/sign/cms.ts'
import { integer, NotDer, oid, readDer, readOid } from '../../src/sign/der.ts'
import { checkTimeStamp, timeStampRequest } from '../../src/sign/time-stamp.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { answer, HAS_OPENSSL, issue, makeAuthority, openssl } from './authority.ts'

const TEXT = Buffer.from('a statement that people sign\n')
const AT = new Date('2026-11-26T12:00:00Z')

describe('DER', () => {
  it('reads back what it writes, and refuses what is none', () => {
    for (const dotted of ['1.2.840.113549.1.7.2', '2.16.840.1.101.3.4.2.1', '0.4.0.1733.2'])
      expect(readOid(readDer(oid(dotted)))).toBe(dotted)
    expect(integer(0x80).toString('hex')).toBe('02020080')
    for (const bytes of ['', '30', '3005', '300300', '308000', '3085ffffffffff', '1f0100', '020100ff'])
      expect(() => readDer(Buffer.from(bytes, 'hex')), bytes).toThrow(NotDer)
  })
})

describe.skipIf(!HAS_OPENSSL)('beside OpenSSL', () => {
  const folder = temporaryFolderForFile()
  const at = (name: string) => join(folder, name)
  const certificate = (name: string) => new X509Certificate(readFileSync(at(`${name}.pem`)))

  beforeAll(() => {
    makeAuthority(folder)
    issue(folder, 'rsa')
    issue(folder, 'ec', { ec: true })
    issue(folder, 'tsa', { usage: 'timeStamping' })
    writeFileSync(at('text'), TEXT)
  })

  const made = (name: string) => {
    const key = createPrivateKey(readFileSync(at(`${name}.key`)))
    return makeDetachedCms(TEXT, certificate(name), [certificate('ca')], AT, (bytes) =>
      sign('sha256', bytes, key),
    )
  }

  it.each(['rsa', 'ec'])(
    'OpenSSL verifies what is signed here with %s as CAdES, and not another text',
    async (name) => {
      writeFileSync(at(`${name}.p7s`), await made(name))
      const verified = (content: string) =>
        openssl(folder, [
          ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', `${name}.p7s`],
          ...['-content', content, '-CAfile', 'ca.pem', '-purpose', 'any', '-out', '/dev/null'],
        ])
      expect(() => verified('text')).not.toThrow()
      writeFileSync(at('other'), 'another text')
      expect(() => verified('other')).toThrow()
    },
  )

  it.each(['rsa', 'ec'])('what OpenSSL signs with %s is verified here, and by whom', (name) => {
    openssl(folder, [
      ...['cms', '-sign', '-binary', '-cades', '-md', 'sha256', '-in', 'text', '-signer', `${name}.pem`],
      ...['-inkey', `${name}.key`, '-outform', 'DER', '-out', 'theirs.p7s'],
    ])
    const checked = checkCms(readFileSync(at('theirs.p7s')), TEXT)
    expect(checked.certificate.subject).toContain(`CN=${name}`)
    expect(() => checkCms(readFileSync(at('theirs.p7s')), Buffer.from('other'))).toThrow('another text')
    const { certificates } = checked
    expect(problemOf(certificate(name), certificates, [certificate('ca')], new Date())).toBeNull()
    expect(problemOf(certificate(name), certificates, [certificate('tsa')], new Date())).toContain(
      'no authority',
    )
    expect(problemOf(certificate(name), certificates, [certificate('ca')], new Date('2040-01-01'))).toContain(
      'holds from',
    )
  })

  it('OpenSSL answers a request made here, the answer is verified here, and only for that request and text', () => {
    const request = timeStampRequest(TEXT)
    writeFileSync(at('one.tsq'), request)
    expect(openssl(folder, ['ts', '-query', '-in', 'one.tsq', '-text'])).toContain('Hash Algorithm: sha256')
    answer(folder, 'one.tsq', 'one.tsr')
    const response = readFileSync(at('one.tsr'))
    const { at: when, certificate: tsa } = checkTimeStamp(response, TEXT, request)
    expect(Math.abs(when.getTime() - Date.now())).toBeLessThan(600_000)
    expect(tsa.subject).toContain('CN=tsa')
    expect(() => checkTimeStamp(response, Buffer.from('other'), request)).toThrow('another text')
    expect(() => checkTimeStamp(response, TEXT, timeStampRequest(TEXT))).toThrow('another request')
    expect(() => checkTimeStamp(request, TEXT, request)).toThrow(NotDer)
    // OpenSSL says the same.
    const verified = openssl(folder, [
      'ts',
      '-verify',
      '-queryfile',
      'one.tsq',
      '-in',
      'one.tsr',
      '-CAfile',
      'ca.pem',
    ])
    expect(verified).toContain('Verification: OK')
  })

  it('a certificate that is none of a time-stamping authority stamps nothing', () => {
    const request = timeStampRequest(TEXT)
    openssl(folder, [
      ...['cms', '-sign', '-binary', '-nodetach', '-md', 'sha256', '-in', 'text', '-signer', 'rsa.pem'],
      ...[
        '-inkey',
        'rsa.key',
        '-outform',
        'DER',
        '-out',
        'token',
        '-econtent_type',
        '1.2.840.113549.1.9.16.1.4',
      ],
    ])
    const token = readFileSync(at('token'))
    const status = Buffer.from('3003020100', 'hex')
    const length = Buffer.alloc(2)
    length.writeUInt16BE(status.length + token.length)
    const response = Buffer.concat([Buffer.from([0x30, 0x82]), length, status, token])
    expect(() => checkTimeStamp(response, TEXT, request)).toThrow('not one of a time-stamping authority')
  })
})
