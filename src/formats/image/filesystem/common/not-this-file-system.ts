/** A volume carries the signature of a file system whose structures cannot be used at all. */
export class NotThisFileSystem extends Error {
  override readonly name = 'NotThisFileSystem'
  readonly code: string

  /** @param code for people and tests: `superblock-damaged`, `version-unknown`, … */
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
