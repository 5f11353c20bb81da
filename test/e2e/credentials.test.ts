/** A scan of a folder with a signed picture, one whose content was changed after, and a report of both. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signedJpeg } from '../../fixtures/credentials.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { HAS_OPENSSL, issue, makeAuthority } from '../sign/authority.ts'
import { exported, seized } from './seized.ts'

describe.skipIf(!HAS_OPENSSL)('content credentials of pictures on an exhibit', () => {
  const folder = temporaryFolderForFile()

  it('are checked by a scan, and the report says what was changed', async () => {
    makeAuthority(folder)
    issue(folder, 'camera', { ec: true })
    const key = createPrivateKey(readFileSync(join(folder, 'camera.key')))
    const chain = [new X509Certificate(readFileSync(join(folder, 'camera.pem'))).raw]
    const picture = await jpeg({ seed: 5, width: 320, height: 240 })
    const signed = signedJpeg(picture, { key, chain, algorithm: [-7, 'sha256', {}] })
    const changed = Buffer.from(signed)
    // One bit of the last pixels: it still decodes.
    changed[changed.length - 12]! ^= 1
    const exhibit = join(folder, 'exhibit')
    mkdirSync(exhibit)
    writeFileSync(join(exhibit, 'signed.jpg'), signed)
    writeFileSync(join(exhibit, 'changed.jpg'), changed)
    const ledger = join(folder, 'ledger.sqlite')
    const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
    seized(['scan', exhibit, ...who, '--allow-writable-mount'])
    const said = exported(ledger, folder).map(({ path, attributes }) => [
      path,
      attributes
        .filter((one: { code: string }) => one.code === 'content-credentials')
        .map((one: { params: unknown }) => one.params),
    ])
    expect(Object.fromEntries(said)).toMatchObject({
      'signed.jpg': [{ signature: 'holds', statements: 'unchanged', content: 'unchanged' }],
      'changed.jpg': [{ signature: 'holds', statements: 'unchanged', content: 'changed' }],
    })
  })
})
