/** What a reader process answers to one batch, held against what it was asked. */
import { checkedDigests, checkedPassedOn } from '../../wire/reader.ts'
import { outcomeOf, outcomeOfFailure } from './read-outcome.ts'
import type { Batch, ReadItem, Received } from './reader-batch.ts'
import { ReceivedContent } from './received-content.ts'

export interface CheckedAnswer {
  readonly items: readonly ReadItem[]
  /** Of a batch that asked for it. */
  readonly content: Buffer | null
  readonly atimeTouched: boolean
}

/**
 * @param received what came of the content before the answer; null: nothing
 * @throws ImplausibleReply
 */
export function checkedAnswer(
  { jobs, kind, received: into }: Batch,
  header: unknown,
  ed2k: boolean,
  received: Received | null,
): CheckedAnswer {
  const sizes = jobs.map(({ sizeBytes }) => Number(sizeBytes))
  if (kind === 'digest') {
    const { answers, atimeTouched } = checkedDigests(header, sizes, ed2k)
    const items = jobs.map((job, i) => ({ job, outcome: outcomeOf(answers[i]!) }))
    return { items, content: null, atimeTouched }
  }
  const { answers, atimeTouched } = checkedPassedOn(header, sizes[0]!)
  const [answer] = answers
  if (answer![0] !== 'sent') {
    const items = [{ job: jobs[0]!, outcome: outcomeOfFailure(answer!) }]
    return { items, content: null, atimeTouched }
  }
  const content = kind === 'send' ? (received ?? into ?? new ReceivedContent(sizes[0]!)).whole() : null
  return { items: [], content, atimeTouched }
}
