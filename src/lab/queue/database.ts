/**
 * The laboratory's database. Only this module uses the client. `pg` is an optional package that no other part needs.
 */
import { readFileSync } from 'node:fs'
import type { Client, ClientConfig, QueryResultRow } from 'pg'
import { TryAgain, UsageError } from '../../base/errors.ts'
import type { LabConfig } from '../manifest/host-config.ts'
import { stateClassOf } from './sql-states.ts'

export type Row = QueryResultRow

/** A connection, or one of its transactions. */
export interface Asker {
  /** @throws DatabaseAway when it cannot be reached; else the database's own error */
  rows<T extends Row = Row>(sql: string, values?: readonly unknown[]): Promise<T[]>
}

/** The database does not answer: running work continues, and the request is repeated. */
export class DatabaseAway extends TryAgain {
  constructor(cause: Error) {
    const { what = 'it does not answer' } = stateClassOf(cause) ?? {}
    super(`The laboratory's database is away: ${what} (${cause.message}).`, 'exhibit-missing', { cause })
  }
}

const ANSWER_MS = 20_000

export class Database implements Asker {
  readonly #config: ClientConfig
  readonly #Client: typeof Client
  #client: Client | null = null
  /** One statement, or one transaction, after the other. */
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(config: ClientConfig, client: typeof Client) {
    this.#config = config
    this.#Client = client
  }

  /** Connects at the first request. @throws UsageError when the package is not installed */
  static async of(
    lab: Pick<LabConfig, 'database' | 'caFile' | 'certFile' | 'keyFile' | 'passwordFile'>,
  ): Promise<Database> {
    try {
      const { default: pg } = await import('pg')
      return new Database(configOf(lab), pg.Client)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause
      throw new UsageError(
        'The lab verbs need the package pg, which was left out when seized was installed: npm install with optional packages.',
        { cause },
      )
    }
  }

  rows<T extends Row = Row>(sql: string, values: readonly unknown[] = []): Promise<T[]> {
    return this.#inTurn(async (client) => (await client.query<T>(sql, [...values])).rows)
  }

  /** All or nothing. */
  transaction<T>(work: (asker: Asker) => Promise<T>): Promise<T> {
    return this.#inTurn(async (client) => {
      await client.query('BEGIN')
      try {
        const done = await work({
          rows: async <R extends Row>(sql: string, values: readonly unknown[] = []) =>
            (await client.query<R>(sql, [...values])).rows,
        })
        await client.query('COMMIT')
        return done
      } catch (error) {
        await client.query('ROLLBACK').catch(() => {
          // The connection is gone, and the transaction with it.
          this.#drop()
        })
        throw error
      }
    })
  }

  async close(): Promise<void> {
    await this.#turn.catch(() => {})
    await this.#client?.end().catch(() => {})
    this.#client = null
  }

  #inTurn<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const next = this.#turn.catch(() => {}).then(() => this.#attempt(work))
    this.#turn = next
    return next
  }

  async #attempt<T>(work: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#connected())
    } catch (error) {
      if (!(error instanceof Error) || stateClassOf(error)?.meaning !== 'away') throw error
      this.#drop()
      throw new DatabaseAway(error)
    }
  }

  async #connected(): Promise<Client> {
    if (this.#client) return this.#client
    const client = new this.#Client(this.#config)
    client.on('error', () => {
      if (this.#client === client) this.#client = null
    })
    await client.connect()
    this.#client = client
    return client
  }

  #drop(): void {
    const client = this.#client
    this.#client = null
    client?.end().catch(() => {})
  }
}

/** A server gives up a host that is cut off within a minute, and with it the name that the host holds. */
const KEEP_ALIVE = ['idle=30', 'interval=10', 'count=3'].map((one) => `-c tcp_keepalives_${one}`).join(' ')

function configOf({
  database,
  caFile,
  certFile,
  keyFile,
  passwordFile,
}: Pick<LabConfig, 'database' | 'caFile' | 'certFile' | 'keyFile' | 'passwordFile'>): ClientConfig {
  const read = (file: string) => readFileSync(file, 'utf8')
  return {
    connectionString: database,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
    application_name: 'seized',
    keepAlive: true,
    options: KEEP_ALIVE,
    ...(passwordFile === null ? {} : { password: read(passwordFile).trim() }),
    ...(caFile === null
      ? {}
      : {
          ssl: {
            ca: read(caFile),
            rejectUnauthorized: true,
            ...(certFile === null ? {} : { cert: read(certFile) }),
            ...(keyFile === null ? {} : { key: read(keyFile) }),
          },
        }),
  }
}
