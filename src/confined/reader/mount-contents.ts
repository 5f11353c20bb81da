/** Reads files of a mount, and their streams, in a reader process. */
import type { ByteString } from '../../base/byte-string.ts'
import { Extractor } from '../../mounts/open-below.ts'
import { isStream, readAttribute, streamFileOf } from '../../mounts/read-attribute.ts'
import { readInto, readWhole } from '../../mounts/read-file.ts'
import type { ContentSource, Sink } from '../../wire/content-source.ts'
import type { JobTuple } from '../../wire/reader-protocol.ts'

export class MountContents implements ContentSource {
  readonly #opener: Extractor

  constructor(root: ByteString) {
    this.#opener = new Extractor(root)
  }

  get atimeTouched(): boolean {
    return this.#opener.atimeTouched
  }

  readInto(job: JobTuple, place: Buffer): number {
    const attribute = this.#attribute(job)
    if (attribute === null) return readInto(this.#opener, fileJob(job), place)
    return attribute.copy(place)
  }

  readWhole(job: JobTuple, buffer: Buffer, sink: Sink): number {
    const attribute = this.#attribute(job)
    if (attribute === null) return readWhole(this.#opener, fileJob(job), buffer, sink)
    if (attribute.length > 0) sink(attribute, 0)
    return attribute.length
  }

  #attribute(job: JobTuple): Buffer | null {
    return isStream(job[0]) ? readAttribute(this.#opener, job) : null
  }
}

function fileJob(job: JobTuple): JobTuple {
  const [path, ...rest] = job
  return isStream(path) ? [streamFileOf(path), ...rest] : job
}
