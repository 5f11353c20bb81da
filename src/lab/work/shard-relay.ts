/**
 * Carries shards between the folder of a scan on this host and the laboratory's database. An answer reaches the scan only from the host
 * that took the shard, signed with the key that the laboratory knows of it.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ShardFolder } from '../../host/shards/shard-folder.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import { signedBundle } from '../../wire/look-shard.ts'
import type { Asker } from '../queue/database.ts'
import { fingerprintOfKey } from '../queue/finish.ts'

interface Row {
  readonly name: string
  readonly state: 'taken' | 'answered'
  readonly host: string
  readonly bundle: string | null
  /** Fingerprint of the key in use; null: the host has none. */
  readonly key: string | null
}

export class ShardRelay {
  readonly folder: string
  readonly #attempt: string
  readonly #exchange: ShardFolder
  readonly #offered = new Set<string>()

  constructor(ledgers: string, attempt: string) {
    this.#attempt = attempt
    this.folder = join(ledgers, 'shards', attempt)
    this.#exchange = new ShardFolder(this.folder)
  }

  /** @throws DatabaseAway */
  async carry(asker: Asker): Promise<void> {
    const offered = new Set(this.#exchange.offered())
    for (const name of [...this.#offered].filter((one) => !offered.has(one))) {
      await asker.rows('SELECT lab.end_shard($1, $2)', [this.#attempt, name])
      this.#offered.delete(name)
    }
    for (const name of [...offered].filter((one) => !this.#offered.has(one))) {
      const text = this.#exchange.shard(name)
      if (text === null) continue
      await asker.rows('SELECT lab.offer_shard($1, $2, $3)', [this.#attempt, name, text])
      this.#offered.add(name)
    }
    if (this.#offered.size === 0) return
    const rows = await asker.rows<Row>(
      `SELECT s.name, s.state, s.host, s.bundle, k.fingerprint AS key FROM lab.shard s
       LEFT JOIN lab.host_key k ON k.host = s.host AND k.until IS NULL AND NOT k.withdrawn
       WHERE s.attempt = $1 AND (s.state = 'answered' OR s.state = 'taken' AND s.lease > now())`,
      [this.#attempt],
    )
    for (const row of rows.filter(({ name }) => this.#offered.has(name))) await this.#hand(asker, row)
  }

  /** The scan is over: no shard of it is answered any more. */
  async end(asker: Asker): Promise<void> {
    this.#exchange.clear()
    await this.carry(asker)
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #hand(asker: Asker, row: Row): Promise<void> {
    const { name, state, bundle } = row
    if (state === 'taken') {
      if (!this.#exchange.take(name)) this.#exchange.touch(name)
      return
    }
    if (bundle !== null && isOfHost(bundle, row)) {
      if (!this.#exchange.isAnswered(name)) this.#exchange.answer(name, bundle)
      return
    }
    // The scan examines its contents itself.
    this.#exchange.release(name)
    await asker.rows('SELECT lab.end_shard($1, $2)', [this.#attempt, name])
  }
}

function isOfHost(text: string, { host, key }: Row): boolean {
  try {
    const { signed, publicKey } = signedBundle(text)
    if ((JSON.parse(signed) as { host?: unknown }).host !== host) return false
    return key === null ? publicKey === null : publicKey !== null && fingerprintOfKey(publicKey) === key
  } catch (error) {
    if (error instanceof ImplausibleReply || error instanceof SyntaxError) return false
    throw error
  }
}
