/** Well-formed strings are in Node 20 but not yet in the ES2023 library of the type checker. */
interface String {
  isWellFormed(): boolean
  toWellFormed(): string
}
