/** Certificate and time-stamping authorities for tests, made by openssl in a folder. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0

export function openssl(cwd: string, args: readonly string[], input?: string): string {
  const { status, stdout, stderr } = spawnSync('openssl', args, { cwd, input, encoding: 'utf8' })
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`)
  return stdout
}

/** `ca.pem`, `NAME.pem`, `NAME.key`, `NAME.p12` with the passphrase `secret`. */
export function makeAuthority(folder: string): void {
  mkdirSync(folder, { recursive: true })
  openssl(folder, [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem'],
    ...['-days', '3650', '-subj', '/CN=Test authority', '-addext', 'basicConstraints=critical,CA:TRUE'],
  ])
}

export function issue(
  folder: string,
  name: string,
  {
    ec = false,
    usage = '',
    from = '',
    to = '',
  }: { ec?: boolean; usage?: string; from?: string; to?: string } = {},
): void {
  openssl(folder, [
    ...['req', '-newkey', ...(ec ? ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] : ['rsa:2048']), '-nodes'],
    ...['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/O=Laboratory/CN=${name}`],
  ])
  writeFileSync(
    join(folder, `${name}.ext`),
    usage === '' ? 'basicConstraints=CA:FALSE\n' : `extendedKeyUsage=critical,${usage}\n`,
  )
  openssl(folder, [
    ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-out', `${name}.pem`, '-extfile', `${name}.ext`],
    ...(from === '' ? ['-days', '365'] : ['-not_before', from, '-not_after', to]),
  ])
  openssl(folder, [
    ...['pkcs12', '-export', '-inkey', `${name}.key`, '-in', `${name}.pem`, '-certfile', 'ca.pem'],
    ...['-out', `${name}.p12`, '-passout', 'pass:secret'],
  ])
}

/** Answers a request as a time-stamping authority does. Needs `tsa.pem` and `tsa.key`. */
export function answer(folder: string, request: string, response: string): void {
  writeFileSync(join(folder, 'serial'), '01\n')
  writeFileSync(
    join(folder, 'tsa.cnf'),
    `[tsa]
default_tsa = one
[one]
serial = ${folder}/serial
crypto_device = builtin
signer_cert = ${folder}/tsa.pem
certs = ${folder}/ca.pem
signer_key = ${folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`,
  )
  openssl(folder, ['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', request, '-out', response])
}
