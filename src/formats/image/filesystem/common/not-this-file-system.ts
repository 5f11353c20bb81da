/** The volume has the signature of a file system, but its structures are unusable. */
export class NotThisFileSystem extends Error {
  override readonly name = 'NotThisFileSystem'
  readonly code: string

  /** @param code for people and tests: `superblock-damaged`, `version-unknown`, … */
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
