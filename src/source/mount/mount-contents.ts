/** Files of a mount as a reader process takes them. */
import type { ByteString } from '../../base/byte-string.ts'
import type { ContentSource, Sink } from '../reading/content-source.ts'
import type { JobTuple } from '../reading/reader-protocol.ts'
import { Opener } from './open-below.ts'
import { readInto, readWhole } from './read-file.ts'

export class MountContents implements ContentSource {
  readonly #opener: Opener

  constructor(root: ByteString) {
    this.#opener = new Opener(root)
  }

  get atimeTouched(): boolean {
    return this.#opener.atimeTouched
  }

  readInto(job: JobTuple, place: Buffer): number {
    return readInto(this.#opener, job, place)
  }

  readWhole(job: JobTuple, buffer: Buffer, sink: Sink): number {
    return readWhole(this.#opener, job, buffer, sink)
  }
}
