/** The part of the privilege list that a child process receives. */

/**
 * Addresses and domains of the list. A child needs them because only an opened message shows its sender and recipients.
 */
export interface PrivilegedSenders {
  readonly addresses: readonly string[]
  readonly domains: readonly string[]
}
