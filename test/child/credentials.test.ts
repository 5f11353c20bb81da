import { constants, createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { cbor, type Signer, signedJpeg } from '../../fixtures/credentials.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { contentCredentials } from '../../src/formats/media/credentials/credentials.ts'
import { statedOrigin } from '../../src/formats/media/metadata/stated-origin.ts'
import { ENGLISH } from '../../src/report/texts/index.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { HAS_OPENSSL, issue, makeAuthority } from '../sign/authority.ts'

describe.skipIf(!HAS_OPENSSL)('content credentials', () => {
  const folder = temporaryFolderForFile()
  let picture: Buffer
  const signerOf = (name: string, algorithm: Signer['algorithm']): Signer => ({
    key: createPrivateKey(readFileSync(join(folder, `${name}.key`))),
    chain: [new X509Certificate(readFileSync(join(folder, `${name}.pem`))).raw],
    algorithm,
  })
  const curve = () => signerOf('camera', [-7, 'sha256', {}])

  beforeAll(async () => {
    makeAuthority(folder)
    issue(folder, 'camera', { ec: true })
    issue(folder, 'rsa')
    picture = await jpeg({ seed: 4, width: 300, height: 200 })
  })

  it('hold where nothing was changed, and say who signed', () => {
    const signed = signedJpeg(picture, curve())
    expect(contentCredentials(signed)).toEqual({
      signature: 'holds',
      statements: 'unchanged',
      content: 'unchanged',
      signer: 'camera, Laboratory',
      issuer: 'Test authority',
      program: 'Example camera 2',
      certificate: expect.stringMatching(/^[0-9a-f]{64}$/),
      trust: '',
      valid: '',
    })
  })

  it('hold with RSA-PSS, and in several segments', () => {
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    const signed = signedJpeg(picture, signerOf('rsa', [-37, 'sha256', pss]), { most: 500 })
    expect(contentCredentials(signed)).toMatchObject({ signature: 'holds', content: 'unchanged' })
  })

  it('tell what was changed: content, statement, claim, signer', () => {
    const signed = signedJpeg(picture, curve())
    const changed = (at: number) => {
      const bytes = Buffer.from(signed)
      bytes[at]! ^= 1
      return contentCredentials(bytes)
    }
    expect(changed(signed.length - 20)).toMatchObject({ signature: 'holds', content: 'changed' })
    expect(changed(signed.indexOf('c2pa.created') + 5)).toMatchObject({
      signature: 'holds',
      statements: 'changed',
      content: 'unchanged',
    })
    expect(changed(signed.indexOf('Example camera'))).toMatchObject({ signature: 'broken' })
    const other = { ...curve(), chain: signerOf('rsa', [-7, 'sha256', {}]).chain }
    expect(contentCredentials(signedJpeg(picture, other))).toMatchObject({ signature: 'broken' })
  })

  it('tell a hash that leaves out more than the manifest', () => {
    expect(contentCredentials(signedJpeg(picture, curve(), { extra: 3000 }))).toMatchObject({
      signature: 'holds',
      content: 'in-part',
    })
  })

  it('are not checked with an algorithm that nobody knows, and unread where damaged or elsewhere', () => {
    const signed = signedJpeg(picture, signerOf('camera', [-999, 'sha256', {}]))
    expect(contentCredentials(signed)).toMatchObject({ signature: 'not-checked', content: 'unchanged' })
    const plain = signedJpeg(picture, curve())
    const behind = Buffer.concat([picture, plain.subarray(plain.indexOf('jumb') - 4)])
    expect(contentCredentials(behind)).toEqual({ unread: 'place' })
    const at = plain.indexOf(cbor('instanceID')) - 5
    const damaged = Buffer.from(plain)
    damaged[at] = 0xbf
    expect(contentCredentials(damaged)).toEqual({ unread: 'damaged' })
  })

  it('of a thousand mutants throw nothing and never call a changed content unchanged', () => {
    const signed = signedJpeg(picture, curve())
    const end = signed.length - picture.length + 2
    let seed = 7
    const next = (most: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return (seed >>> 8) % most
    }
    for (let i = 0; i < 1000; i++) {
      const isInside = i % 2 === 0
      const bytes = Buffer.from(signed)
      for (let change = 0; change <= i % 4; change++)
        bytes[isInside ? next(end) : end + next(bytes.length - end)] = next(256)
      const said = contentCredentials(bytes)
      if (!isInside && !bytes.equals(signed)) expect(said, `${i}`).toMatchObject({ content: 'changed' })
    }
  })

  it('do not hold with a certificate that the next of its chain did not issue', () => {
    const [leaf, authority] = ['camera', 'ca'].map(
      (name) => new X509Certificate(readFileSync(join(folder, `${name}.pem`))).raw,
    )
    const chained = (first: Buffer) =>
      contentCredentials(signedJpeg(picture, { ...curve(), chain: [first, authority!] }))
    expect(chained(leaf!)).toMatchObject({ signature: 'holds' })
    const renamed = Buffer.from(leaf!)
    renamed.write('Lavoratory', renamed.indexOf('Laboratory'), 'latin1')
    expect(chained(renamed)).toMatchObject({ signature: 'broken', signer: 'camera, Lavoratory' })
  })

  it('are an attribute with a sentence that names signer and certificate, and vouches for neither', () => {
    const [attribute] = statedOrigin(signedJpeg(picture, curve()))
    expect(ENGLISH.attribute(attribute!)).toMatch(
      /^carries content credentials \(C2PA\): the signature holds; the content is as it was signed; signed by “camera, Laboratory” with a certificate of “Test authority”; made by “Example camera 2”, as it says\. No trust list was asked: nobody here vouches for the signer \(SHA-256 of the certificate [0-9a-f]{64}\)$/,
    )
  })
})
