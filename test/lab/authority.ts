/** An authority of the laboratory, as docs/guide/lab.md makes it. */
import { execFileSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export class Authority {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    const valid = ['-nodes', '-days', '30', '-subj', '/CN=lab']
    this.#openssl('req', '-x509', '-newkey', 'ed25519', ...valid, '-keyout', 'ca.key', '-out', 'ca.pem')
  }

  file(name: string): string {
    return join(this.#folder, name)
  }

  issue(name: string, more = ''): void {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.csr`]
    this.#openssl('req', '-newkey', 'ed25519', '-nodes', '-subj', `/CN=${name}`, ...files)
    writeFileSync(this.file('more.cnf'), more === '' ? 'extendedKeyUsage=clientAuth\n' : more)
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '30', '-extfile', 'more.cnf']
    this.#openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`)
    chmodSync(this.file(`${name}.key`), 0o600)
  }

  #openssl(...words: string[]): void {
    execFileSync('openssl', words, { cwd: this.#folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
}
