/** Whose messages nobody reads: what a child is told of the privilege list. */

/** What a child needs of the list: mail is recognised by who wrote to whom, which only an opened message says. */
export interface PrivilegedSenders {
  readonly addresses: readonly string[]
  readonly domains: readonly string[]
}
