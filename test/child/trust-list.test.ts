/** Signers of content credentials against a trust list: chain, use of the certificate, and validity at the stamped time. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Signer, signedJpeg } from '../../fixtures/credentials.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { contentCredentials } from '../../src/formats/media/credentials/credentials.ts'
import { statedOrigin } from '../../src/formats/media/metadata/stated-origin.ts'
import { ENGLISH } from '../../src/report/texts/index.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { answer, HAS_OPENSSL, issue, makeAuthority, openssl } from '../sign/authority.ts'

describe.skipIf(!HAS_OPENSSL)('a signer of content credentials', () => {
  const folder = temporaryFolderForFile()
  let picture: Buffer
  const certificate = (name: string) => new X509Certificate(readFileSync(join(folder, `${name}.pem`)))
  const signer = (name: string, ...more: string[]): Signer => ({
    key: createPrivateKey(readFileSync(join(folder, `${name}.key`))),
    chain: [name, ...more].map((one) => certificate(one).raw),
    algorithm: [-7, 'sha256', {}],
  })
  const said = (by: Signer, ...anchors: string[]) => {
    const found = contentCredentials(signedJpeg(picture, by), anchors.map(certificate))
    return 'trust' in found ? [found.signature, found.trust, found.valid] : found
  }
  /** A token of `tsa`, which states the present time. */
  const stamp = (bytes: Buffer): Buffer => {
    writeFileSync(join(folder, 'stamped'), bytes)
    openssl(folder, ['ts', '-query', '-data', 'stamped', '-sha256', '-no_nonce', '-cert', '-out', 'q.tsq'])
    answer(folder, 'q.tsq', 'q.tsr')
    openssl(folder, ['ts', '-reply', '-in', 'q.tsr', '-token_out', '-out', 'q.tst'])
    return readFileSync(join(folder, 'q.tst'))
  }

  beforeAll(async () => {
    makeAuthority(folder)
    issue(folder, 'camera', { ec: true, usage: 'emailProtection' })
    issue(folder, 'browser', { ec: true, usage: 'clientAuth' })
    issue(folder, 'both', { ec: true, usage: 'emailProtection,timeStamping' })
    issue(folder, 'any', { ec: true, usage: 'emailProtection,anyExtendedKeyUsage' })
    issue(folder, 'unused', { ec: true })
    issue(folder, 'old', {
      ...{ ec: true, usage: 'emailProtection' },
      ...{ from: '20010101000000Z', to: '20020101000000Z' },
    })
    issue(folder, 'tsa', { usage: 'timeStamping' })
    openssl(folder, [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'other.key', '-out', 'other.pem'],
      // The same name as the authority that issued: only its key differs.
      ...['-days', '3650', '-subj', '/CN=Test authority', '-addext', 'basicConstraints=critical,CA:TRUE'],
    ])
    picture = await jpeg({ seed: 4, width: 300, height: 200 })
  })

  it('is in the list where its chain ends there, itself too, and not where another of that name stands there', () => {
    expect(said(signer('camera'), 'ca')).toEqual(['holds', 'listed', 'not-known'])
    expect(said(signer('camera', 'ca'), 'ca')).toEqual(['holds', 'listed', 'not-known'])
    expect(said(signer('camera'), 'camera')).toEqual(['holds', 'listed', 'not-known'])
    expect(said(signer('camera'), 'other')).toEqual(['holds', 'not-listed', ''])
    expect(said(signer('camera', 'ca'), 'other', 'browser')).toEqual(['holds', 'not-listed', ''])
  })

  it('is not asked for without a list, nor where the signature is broken', () => {
    expect(contentCredentials(signedJpeg(picture, signer('camera')))).toMatchObject({ trust: '', valid: '' })
    const broken = { ...signer('camera'), key: signer('browser').key }
    expect(said(broken, 'ca')).toEqual(['broken', '', ''])
  })

  it('is said in a sentence, whether it stands in the list', () => {
    const [found] = statedOrigin(signedJpeg(picture, signer('camera')), [certificate('ca')])
    expect(ENGLISH.attribute(found!)).toContain(
      '. The signer is in the trust list of the agency; whether the certificates were valid then is not known: there is no time stamp of this signature (SHA-256 of the certificate ',
    )
    const [other] = statedOrigin(signedJpeg(picture, signer('camera')), [certificate('other')])
    expect(ENGLISH.attribute(other!)).toMatch(
      /\. The signer is not in the trust list of the agency \(SHA-256 of the certificate [0-9a-f]{64}\)$/,
    )
  })

  it('has a certificate for signing, or it is said', () => {
    for (const name of ['browser', 'both', 'any', 'unused'])
      expect([name, said(signer(name), 'ca')]).toEqual([name, ['holds', 'wrong-use', 'not-known']])
  })

  it('was valid, or not, at the time of a time stamp of this signature; a stamp of another says nothing', () => {
    expect(said({ ...signer('camera'), stamp }, 'ca')).toEqual(['holds', 'listed', 'then'])
    expect(said({ ...signer('old'), stamp }, 'ca')).toEqual(['holds', 'listed', 'not-then'])
    const other = stamp(Buffer.from('another signature'))
    expect(said({ ...signer('camera'), stamp: () => other }, 'ca')).toEqual(['holds', 'listed', 'not-known'])
    expect(said({ ...signer('camera'), stamp: () => other.subarray(0, 90) }, 'ca')).toEqual([
      'holds',
      'listed',
      'not-known',
    ])
  })

  it('of a chain through a certificate that may issue none is not in the list', () => {
    issue(folder, 'under', { ec: true, usage: 'emailProtection' })
    openssl(folder, [
      ...['x509', '-req', '-in', 'under.csr', '-CA', 'camera.pem', '-CAkey', 'camera.key', '-CAcreateserial'],
      ...['-out', 'under.pem', '-extfile', 'under.ext', '-days', '365'],
    ])
    expect(said(signer('under', 'camera'), 'ca')).toEqual(['holds', 'not-listed', ''])
  })

  it('is called listed by no mutant of its certificate or of its time stamp', () => {
    const signed = signedJpeg(picture, { ...signer('camera'), stamp })
    const whole = certificate('camera').raw
    const at = signed.indexOf(whole)
    for (let i = 0; i < 400; i++) {
      const bytes = Buffer.from(signed)
      bytes[at + ((i * 7919) % whole.length)]! ^= 1 << (i % 8)
      const found = contentCredentials(bytes, [certificate('ca')])
      if ('trust' in found) expect([i, found.signature, found.trust]).not.toEqual([i, 'holds', 'listed'])
    }
  })
})
