/**
 * Digests and media types of batches of contents. Only a reader that makes them loads this file: one that passes
 * contents on has no code that parses them.
 */
import { identifyContent, prepareIdentification } from '../../formats/signatures/index.ts'
import { type ExtraDigest, ed2kDigest } from '../../hash/digest.ts'
import { DigestGroup } from '../../hash/digest-group.ts'
import type { Identified } from '../../media-types/sample.ts'
import type { ContentSource } from '../../wire/content-source.ts'
import type { AnswerTuple, BatchAnswer } from '../../wire/reader.ts'
import { answerOf, type BatchRequest, type JobTuple } from '../../wire/reader-protocol.ts'
import { notRead } from './not-read-tuple.ts'
import type { ReadProgress } from './read-progress.ts'
import { Ends, Taking } from './taking.ts'

// Groups of small files, and the largest file that is read into one.
const GROUP_BYTES = 32 * 1024 * 1024
const GROUPED_BYTES = 12 * 1024 * 1024

interface Given {
  readonly source: ContentSource
  readonly ed2k: boolean
  /** Reused for every chunk. */
  readonly buffer: Buffer
  readonly progress: ReadProgress
}

/** Loads what it cannot load later. @param dropsRoot true where the program's files may be unreadable afterwards */
export async function prepareDigesting(dropsRoot: boolean): Promise<void> {
  if (dropsRoot) await prepareIdentification()
}

export class Digesting {
  readonly #given: Given
  readonly #ends = new Ends()
  readonly #group = new DigestGroup(GROUP_BYTES)

  constructor(given: Given) {
    this.#given = given
  }

  async digest(batch: number, { jobs }: BatchRequest): Promise<BatchAnswer<AnswerTuple>> {
    const { source, progress } = this.#given
    const answers: AnswerTuple[] = new Array(jobs.length)
    const grouped: Grouped[] = []
    progress.begin(batch)
    for (let index = 0; index < jobs.length; index++) {
      const job = jobs[index]!
      progress.beginJob(index)
      const size = job[1]
      if (size > GROUPED_BYTES) {
        answers[index] = await this.#digestOne(job)
        continue
      }
      let place = this.#group.place(size)
      if (place === null) {
        this.#finishGroup(grouped, answers)
        place = this.#group.place(size)!
      }
      try {
        source.readInto(job, place)
        const content = this.#group.add(size, this.#extra())
        grouped.push({ index, size, identified: await identifyContent(content) })
      } catch (error) {
        answers[index] = notRead(error)
      }
    }
    this.#finishGroup(grouped, answers)
    return { answers, atimeTouched: source.atimeTouched }
  }

  #finishGroup(grouped: Grouped[], answers: AnswerTuple[]): void {
    const digests = this.#group.finish()
    for (let i = 0; i < grouped.length; i++) {
      const { index, size, identified } = grouped[i]!
      answers[index] = answerOf(digests[i]!, size, identified)
    }
    grouped.length = 0
  }

  async #digestOne(job: JobTuple): Promise<AnswerTuple> {
    const { source, buffer, progress } = this.#given
    const taking = new Taking(job[1], this.#ends, this.#extra())
    try {
      const size = source.readWhole(job, buffer, (chunk, offset) => {
        taking.take(chunk, offset)
        progress.read(offset + chunk.length)
      })
      const digests = taking.digests()
      return answerOf(digests, size, await taking.identify())
    } catch (error) {
      return notRead(error)
    }
  }

  #extra(): ExtraDigest | undefined {
    return this.#given.ed2k ? ed2kDigest() : undefined
  }
}

/** A file in the group: the index of its answer, its size and its identified type. */
interface Grouped {
  readonly index: number
  readonly size: number
  readonly identified: Identified
}
