/** Sample of a messenger: a database with the same few everyday messages, and what must be found in it. */

export const HASH = Buffer.alloc(32, 0xcd)
export const BASE64 = HASH.toString('base64')

/** 2020-09-13T12:26:40Z. */
export const AT = 1_600_000_000
export const COCOA = AT - 978_307_200

export interface MessengerSample {
  readonly name: string
  /** Name of the reader in CHAT_READERS that takes it. */
  readonly reader: string
  readonly program: string
  readonly make: () => Buffer
  /** Who wrote the first message, and whom this account answered. */
  readonly other: string
  readonly chat: string
  /** The attached file, as its row names it. Null: files of it are not read. */
  readonly media: Readonly<Record<string, unknown>> | null
  /** A number of the other, for lists of privilege. */
  readonly listed?: string
  readonly sha256: string | null
  /** Another database that names the persons. */
  readonly companion?: () => Buffer
}

/** Another database that a reader takes: calls, caches. */
export interface StoreSample {
  /** Name of the reader in CHAT_READERS that takes it. */
  readonly reader: string
  readonly make: () => Buffer
}

export const FIRST = 'shall we take the early ferry on Sunday'
export const ANSWER = 'yes, I bring the sandwiches'
export const WORDS = [FIRST, ANSWER] as const
