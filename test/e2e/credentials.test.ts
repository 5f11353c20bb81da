/** A scan of a folder with a signed picture, one whose content was changed after, and a report of both. */
import { createPrivateKey, hash, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signedJpeg } from '../../fixtures/credentials.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { HAS_OPENSSL, issue, makeAuthority } from '../sign/authority.ts'
import { exported, seized } from './seized.ts'

const COURT = [
  ['lt', 'pasirašiusysis yra sąraše 1, nėra sąraše 0'],
  ['es', 'firmante en la lista 1, fuera de la lista 0'],
  ['en', 'signer in the list 1, not in the list 0'],
] as const

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
    const said = credentialsIn(ledger)
    expect(said).toMatchObject({
      'signed.jpg': [{ signature: 'holds', statements: 'unchanged', content: 'unchanged' }],
      'changed.jpg': [{ signature: 'holds', statements: 'unchanged', content: 'changed' }],
    })
  })

  const credentialsIn = (ledger: string) => {
    const said = exported(ledger, folder).map(({ path, attributes }) => [
      path,
      attributes
        .filter((one: { code: string }) => one.code === 'content-credentials')
        .map((one: { params: unknown }) => one.params),
    ])
    return Object.fromEntries(said)
  }

  it('are asked of the trust list that the agency gives, which the plan holds, and the report says the answer', async () => {
    issue(folder, 'lens', { ec: true, usage: 'emailProtection' })
    const key = createPrivateKey(readFileSync(join(folder, 'lens.key')))
    const chain = [new X509Certificate(readFileSync(join(folder, 'lens.pem'))).raw]
    const picture = await jpeg({ seed: 6, width: 320, height: 240 })
    const exhibit = join(folder, 'trusted')
    mkdirSync(exhibit)
    writeFileSync(
      join(exhibit, 'signed.jpg'),
      signedJpeg(picture, { key, chain, algorithm: [-7, 'sha256', {}] }),
    )
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${hash('sha256', readFileSync(join(exhibit, 'signed.jpg')))}\n`)
    const scanned = (name: string, ...more: string[]) => {
      const ledger = join(folder, `${name}.sqlite`)
      const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
      const hashset = ['--hashset', `interest:${list}`]
      return { ledger, ...seized(['scan', exhibit, ...who, ...hashset, '--allow-writable-mount', ...more]) }
    }
    const listed = scanned('listed', '--c2pa-trust', join(folder, 'ca.pem'))
    expect(credentialsIn(listed.ledger)).toMatchObject({
      'signed.jpg': [{ signature: 'holds', trust: 'listed', valid: 'not-known' }],
    })
    expect(seized(['verify', listed.ledger]).status).toBe(0)
    const page = join(folder, 'report.html')
    seized(['report', listed.ledger, '--format', 'html', '--out', page])
    const sha256 = hash('sha256', readFileSync(join(folder, 'ca.pem')))
    expect(readFileSync(page, 'utf8')).toContain(`1 certificate, SHA-256 ${sha256}`)
    for (const [language, words] of COURT) {
      const court = join(folder, `court-${language}.html`)
      const wishes = ['--edition', 'court', '--language', language]
      const made = seized(['report', listed.ledger, '--format', 'html', ...wishes, '--out', court])
      expect(made.status, made.stderr).toBe(0)
      expect(readFileSync(court, 'utf8').replaceAll('&nbsp;', ' ')).toContain(words)
      expect(readFileSync(court, 'utf8')).toContain(sha256)
    }
    const other = scanned('other', '--c2pa-trust', join(folder, 'lens.pem'))
    expect(credentialsIn(other.ledger)).toMatchObject({ 'signed.jpg': [{ trust: 'listed' }] })
    const none = scanned('none')
    expect(credentialsIn(none.ledger)['signed.jpg'][0]).not.toHaveProperty('trust')
    const empty = join(folder, 'empty.pem')
    writeFileSync(empty, 'no certificate\n')
    const refused = scanned('refused', '--c2pa-trust', empty)
    expect([refused.status, existsSync(refused.ledger)]).toEqual([2, false])
  })
})
