/**
 * Meaning of the database's errors for the caller: one row a class, the first match decides.
 * A host continues on `away` and `closed`: its finished results wait as files. A person is told at once of `closed`.
 *
 * @see PostgreSQL 15, appendix A, "PostgreSQL Error Codes"; Node.js, "OpenSSL error codes" of tls
 */
/**
 * `away`: it may answer later. `closed`: it answers, but refuses this login, or has no laboratory. `order`: the
 * laboratory's own functions refuse an order or a result, with a sentence for a person.
 * `refused`: the data sent do not fit, and will not fit again.
 */
export type Meaning = 'away' | 'closed' | 'order' | 'refused'

export interface StateClass {
  /** Matches the five characters of an SQLSTATE, a code of Node.js, or without either the message. */
  readonly codes: RegExp
  readonly meaning: Meaning
  readonly what: string
}

const STATE_CLASSES: readonly StateClass[] = [
  { codes: /^08...$/, meaning: 'away', what: 'the connection failed' },
  { codes: /^53...$/, meaning: 'away', what: 'its disk or memory is full, or too many are connected' },
  { codes: /^57...$/, meaning: 'away', what: 'it starts, stops or was told to end this' },
  { codes: /^58...$/, meaning: 'away', what: 'its file system failed' },
  { codes: /^XX...$/, meaning: 'away', what: 'it failed inside' },
  { codes: /^F0...$/, meaning: 'away', what: 'its configuration is not right' },
  { codes: /^25(006|P03|P04)$/, meaning: 'away', what: 'it takes no changes now, or took too long' },
  { codes: /^40...$/, meaning: 'away', what: 'another transaction was in the way' },
  { codes: /^55...$/, meaning: 'away', what: 'what is asked for is in use' },
  { codes: /^LB001$/, meaning: 'away', what: 'its owner has to say that it was restored' },
  { codes: /^LB004$/, meaning: 'away', what: 'the name of this host is in use' },
  { codes: /^LB00[235]$/, meaning: 'closed', what: 'host, machine or key are not those that it knows' },
  { codes: /^28...$/, meaning: 'closed', what: 'it does not let this login in' },
  { codes: /^42501$/, meaning: 'closed', what: 'this login has no right to that' },
  {
    codes: /^(3D000|3F000|42P01|42883|42703)$/,
    meaning: 'closed',
    what: 'no laboratory of this version is there',
  },
  { codes: /^LB010$/, meaning: 'order', what: 'the order does not fit' },
  { codes: /^[0-9A-Z]{5}$/, meaning: 'refused', what: 'what was sent does not fit' },
  { codes: /^E[A-Z]{4,}$/, meaning: 'away', what: 'the network failed' },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_(TLS|SSL)|^HOSTNAME_MISMATCH/,
    meaning: 'away',
    what: 'the check of TLS failed',
  },
]

/** Messages of the client that have no code. */
const CLIENT_WORDS = /terminated|timeout|[Cc]onnection|not queryable|does not support SSL/

/** @returns null: not an error of the database, but a bug */
export function stateClassOf(error: unknown): StateClass | null {
  if (!(error instanceof Error)) return null
  const { code } = error as Error & { readonly code?: string }
  if (code !== undefined) return STATE_CLASSES.find(({ codes }) => codes.test(code)) ?? null
  return CLIENT_WORDS.test(error.message)
    ? { codes: CLIENT_WORDS, meaning: 'away', what: 'the connection failed' }
    : null
}
