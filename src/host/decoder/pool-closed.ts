/** The rejection of jobs that waited or ran when their pool was closed. */
export class PoolClosed extends Error {
  constructor() {
    super('The pool of decoding processes was closed.')
    this.name = 'PoolClosed'
  }
}
