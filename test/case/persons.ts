/** Certificates of a laboratory: of the server, of persons by name, and such as must be refused. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openssl } from '../sign/authority.ts'

export interface Issued {
  readonly cert: string
  readonly key: string
}

export interface IssueAsked {
  /** `YYYYMMDDHHMMSSZ`. */
  readonly from?: string
  readonly to?: string
  readonly usage?: 'clientAuth' | 'serverAuth'
  /** Name of the files; default: the person's. */
  readonly file?: string
  readonly subject?: string
}

export class Laboratory {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true })
    openssl(folder, [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', 'ca.key', '-out', 'ca.pem', '-days', '3650', '-subj', '/CN=Laboratory'],
      ...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ])
    this.issue('server', {
      usage: 'serverAuth',
      subject: '/CN=the server',
    })
  }

  file(name: string): string {
    return join(this.folder, name)
  }

  /** @returns paths of PEM files */
  issue(
    name: string,
    { from, to, usage = 'clientAuth', file = name, subject = `/O=Laboratory/CN=${name}` }: IssueAsked = {},
  ): Issued {
    const { folder } = this
    openssl(folder, [
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-utf8'],
      ...['-keyout', `${file}.key`, '-out', `${file}.csr`, '-subj', subject],
    ])
    const ext = ['basicConstraints=CA:FALSE', `extendedKeyUsage=critical,${usage}`]
    if (usage === 'serverAuth') ext.push('subjectAltName=IP:127.0.0.1,DNS:localhost')
    writeFileSync(this.file(`${file}.ext`), `${ext.join('\n')}\n`)
    openssl(folder, [
      ...['x509', '-req', '-in', `${file}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-out', `${file}.pem`, '-extfile', `${file}.ext`],
      ...(from === undefined || to === undefined
        ? ['-days', '365']
        : ['-not_before', from, '-not_after', to]),
    ])
    chmodSync(this.file(`${file}.key`), 0o600)
    return { cert: this.file(`${file}.pem`), key: this.file(`${file}.key`) }
  }
}
