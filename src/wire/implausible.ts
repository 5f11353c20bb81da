/** An answer of one of our processes that cannot be meant: it met hostile bytes, and they may have taken it over. */
export class ImplausibleReply extends Error {
  /** @param what noun phrase that follows “it answered with” */
  constructor(what: string, options?: ErrorOptions) {
    super(`it answered with ${what}`, options)
    this.name = 'ImplausibleReply'
  }
}
