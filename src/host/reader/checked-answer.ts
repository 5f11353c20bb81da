/** Checks the answer of a reader process against its batch. */
import { checkedDigests, checkedPassedOn } from '../../wire/reader.ts'
import { outcomeOf, outcomeOfFailure } from './read-outcome.ts'
import type { Batch, ReadItem, Received } from './reader-batch.ts'
import { ReceivedContent } from './received-content.ts'

export interface CheckedAnswer {
  readonly items: readonly ReadItem[]
  /** The content, for a batch that requested it. */
  readonly content: Buffer | null
  readonly atimeTouched: boolean
}

/**
 * @param received content pieces that came before the answer; null: none
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
