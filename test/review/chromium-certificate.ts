/**
 * Gives a Chromium a person's certificate, so that the browser itself speaks TLS with it: an NSS database in the home of the
 * browser, made by Firefox, which keeps the same format, and the setting that shows the certificate without a question.
 */
import { createHash, X509Certificate } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FIREFOX } from './firefox.ts'
import { takeCertificate } from './firefox-certificate.ts'
import type { TabGiven } from './tab.ts'

const DATABASE = ['cert9.db', 'key4.db', 'pkcs11.txt'] as const

/**
 * @param profile folder of the browser's files; its home is a folder in it
 * @param origin the only one before which the certificate is shown
 * @returns environment and arguments for the browser
 */
export async function chromiumWith(
  certificate: NonNullable<TabGiven['certificate']>,
  profile: string,
  origin: string,
): Promise<{ readonly env: Record<string, string>; readonly args: readonly string[] }> {
  const maker = mkdtempSync(join(tmpdir(), 'seized-nss-'))
  const home = join(profile, 'home')
  const database = join(home, '.pki', 'nssdb')
  mkdirSync(database, { recursive: true, mode: 0o700 })
  try {
    await takeCertificate(FIREFOX, maker, certificate)
    for (const file of DATABASE) copyFileSync(join(maker, file), join(database, file))
  } finally {
    rmSync(maker, { recursive: true, force: true, maxRetries: 5 })
  }
  mkdirSync(join(profile, 'Default'), { recursive: true })
  const select = JSON.stringify({ pattern: origin, filter: {} })
  writeFileSync(
    join(profile, 'Default', 'Preferences'),
    JSON.stringify({ profile: { managed_auto_select_certificate_for_urls: [select] } }),
  )
  // This browser takes authorities from its own list: the key of this server is named to it, and no other.
  const { publicKey } = new X509Certificate(readFileSync(certificate.server))
  const spki = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
  const env = Object.fromEntries(
    Object.entries({ ...process.env, HOME: home }).filter(
      (one): one is [string, string] => one[1] !== undefined,
    ),
  )
  return { env, args: [`--ignore-certificate-errors-spki-list=${spki}`] }
}
