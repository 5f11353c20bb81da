/**
 * Finds a certificate's private key: in a PKCS#12 file, or on a card behind a PKCS#11 module. The key never leaves the
 * card.
 */
import { spawnSync } from 'node:child_process'
import { createPrivateKey, sign, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../base/errors.ts'
import type { SignBytes } from './cms.ts'

export interface Signer {
  readonly certificate: X509Certificate
  readonly others: readonly X509Certificate[]
  readonly sign: SignBytes
}

const SIGN_MS = 120_000
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g
const PRIVATE_KEY = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/

/** By openssl, with the passphrase on its standard input. @throws UsageError */
export function signerOfP12(file: string, passphrase: string): Signer {
  const open = (...more: string[]) =>
    spawnSync('openssl', ['pkcs12', '-in', file, '-nodes', '-passin', 'stdin', ...more], {
      input: `${passphrase}\n`,
      encoding: 'utf8',
      timeout: SIGN_MS,
    })
  const now = open()
  // Files of older programs are sealed with ciphers that openssl 3 keeps apart.
  const { status, stdout, stderr, error } = now.status === 0 || now.error ? now : open('-legacy')
  if (error) throw new UsageError(`openssl is needed for --p12 and could not be started (${error.message}).`)
  const key = PRIVATE_KEY.exec(stdout)?.[0]
  const certificates = (stdout.match(CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem))
  if (status !== 0 || key === undefined || certificates.length === 0)
    throw new UsageError(
      `--p12 ${file} could not be opened: ${/mac verify|invalid password/i.test(stderr) ? 'the passphrase is another' : 'it holds no key with a certificate that openssl reads'}.`,
    )
  const privateKey = createPrivateKey(key)
  const certificate = certificates.find((one) => one.checkPrivateKey(privateKey))
  if (!certificate) throw new UsageError(`--p12 ${file} holds no certificate of its key.`)
  return {
    certificate,
    others: certificates.filter((one) => one !== certificate),
    sign: (bytes) => sign('sha256', bytes, privateKey),
  }
}

/**
 * Signs by pkcs11-tool (opensc), with the PIN in its environment. @param id id of key and certificate, hex. @throws
 * UsageError
 */
export function signerOfCard(module: string, id: string, pin: string): Signer {
  const certificate = withFolder((folder) => {
    const out = join(folder, 'certificate')
    pkcs11(module, pin, ['--read-object', '--type', 'cert', '--id', id, '--output-file', out])
    return new X509Certificate(readFileSync(out))
  })
  const isRsa = certificate.publicKey.asymmetricKeyType === 'rsa'
  const mechanism = isRsa ? ['SHA256-RSA-PKCS'] : ['ECDSA-SHA256', '--signature-format', 'openssl']
  return {
    certificate,
    others: [],
    sign: (bytes) =>
      withFolder((folder) => {
        const [input, out] = [join(folder, 'attributes'), join(folder, 'signature')]
        writeFileSync(input, bytes)
        pkcs11(module, pin, [
          '--sign',
          '--id',
          id,
          '--mechanism',
          ...mechanism,
          '--input-file',
          input,
          '--output-file',
          out,
        ])
        return readFileSync(out)
      }),
  }
}

function pkcs11(module: string, pin: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(
    'pkcs11-tool',
    ['--module', module, '--login', '--pin', 'env:SEIZED_PIN', ...args],
    { env: { ...process.env, SEIZED_PIN: pin }, encoding: 'utf8', timeout: SIGN_MS },
  )
  if (error)
    throw new UsageError(
      `pkcs11-tool (opensc) is needed for --pkcs11 and could not be started (${error.message}).`,
    )
  if (status !== 0) throw new UsageError(`The card did not answer: ${stderr.trim().split('\n').at(-1) ?? ''}`)
}

function withFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'seized-sign-'))
  try {
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
