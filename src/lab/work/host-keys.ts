/** Keys of a host, read from their files when these change: a rotated key needs no restart. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import type { LabConfig } from '../manifest/host-config.ts'
import { fingerprintOfKey } from '../queue/finish.ts'

export interface HostKeys {
  readonly signing: KeyObject | null
  /** SPKI, PEM. */
  readonly publicKey: string | null
  readonly links: Buffer | null
}

/** @throws UsageError when a file is no key */
export function readKeys({ signingKey, linksKey }: Pick<LabConfig, 'signingKey' | 'linksKey'>): HostKeys {
  try {
    const signing = signingKey === null ? null : createPrivateKey(readFileSync(signingKey))
    const links = linksKey === null ? null : readFileSync(linksKey)
    if (signing !== null && signing.asymmetricKeyType !== 'ed25519')
      throw new Error(`${signingKey} is no Ed25519 key`)
    if (links !== null && links.length < 32) throw new Error(`${linksKey} is shorter than 32 bytes`)
    return { signing, publicKey: signing && publicPem(signing), links }
  } catch (cause) {
    throw new UsageError(`A key of the configuration cannot be used: ${(cause as Error).message}.`, { cause })
  }
}

export function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
}

/** @returns null values where the host does not sign */
export function signedBy({ signing, publicKey }: HostKeys, text: string) {
  if (signing === null || publicKey === null) return { signature: null, key: null }
  const signature = sign(null, Buffer.from(text), signing).toString('base64')
  return { signature, key: fingerprintOfKey(publicKey) }
}

export class Keyring {
  readonly #lab: LabConfig
  #stamp: string
  #keys: HostKeys

  /** @throws UsageError when a file is no key */
  constructor(lab: LabConfig) {
    this.#lab = lab
    this.#stamp = this.#stamped()
    this.#keys = readKeys(lab)
  }

  /** While a file is being replaced, its previous key. */
  get current(): HostKeys {
    const stamp = this.#stamped()
    if (stamp === this.#stamp) return this.#keys
    try {
      this.#keys = readKeys(this.#lab)
      this.#stamp = stamp
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
    }
    return this.#keys
  }

  #stamped(): string {
    return [this.#lab.signingKey, this.#lab.linksKey]
      .map((file) => file !== null && statSync(file, { throwIfNoEntry: false }))
      .map((stat) => (stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : ''))
      .join(' ')
  }
}

/**
 * Identifies this machine by the folder of its ledgers and by its system. A copy of the configuration or of the folder
 * thus gives another id.
 */
export function machineId(ledgers: string): string {
  const file = join(ledgers, 'machine.id')
  if (!existsSync(file)) writeFileSync(file, `${randomUUID()}\n`, { flag: 'wx', mode: 0o600 })
  const system = existsSync(SYSTEM_ID) ? readFileSync(SYSTEM_ID, 'utf8') : ''
  return createHash('sha256').update(readFileSync(file, 'utf8')).update(system).digest('hex')
}

/** @see machine-id(5) */
const SYSTEM_ID = '/etc/machine-id'
