/**
 * Lists attachments of an Outlook message. A forwarded message is stored as storages, not as a file. The names of its
 * attachments start with its subject; its text is extracted with the text of the message around it.
 */

import { sourceOfBuffer } from '../bytes/byte-source.ts'
import { CompoundDamaged, CompoundFile } from '../compound/compound-file.ts'
import { programOf } from '../compound/compound-program.ts'
import { MESSAGE_DEPTH, type OutlookMessage, outlookMessage } from '../compound/outlook-message.ts'
import { type Budget, ContainerDamaged, LimitReached, type Member } from './common/container.ts'

export function* messageMembers(file: CompoundFile, budget: Budget): Generator<Member> {
  const state = { broken: 0, tooDeep: false }
  yield* attachmentsOf(outlookMessage(file), '', budget, state)
  if (state.tooDeep) throw new LimitReached('message-depth', MESSAGE_DEPTH)
  if (state.broken > 0)
    throw new ContainerDamaged({ code: 'attachments-break-off', params: { attachments: state.broken } })
}

function* attachmentsOf(
  message: OutlookMessage,
  prefix: string,
  budget: Budget,
  state: { broken: number; tooDeep: boolean },
): Generator<Member> {
  if (message.leftOut > 0) state.tooDeep = true
  for (const [i, attachment] of message.attachments.entries()) {
    const name = `${prefix}${attachment.name || `attachment-${i + 1}`}`
    if (attachment.message) yield* attachmentsOf(attachment.message, `${name}/`, budget, state)
    if (!attachment.content) continue
    budget.entry()
    yield {
      kind: attachment.inline ? 'embedded' : 'attachment',
      name: Buffer.from(name),
      entryKind: 'file',
      sizeBytes: 0n,
      modified: null,
      linkTarget: null,
      read: async () => {
        const { bytes, whole } = attachment.content!()
        if (!whole) state.broken++
        budget.charge(bytes.length)
        return bytes
      },
    }
  }
}

/** Addresses of all senders and recipients. Empty when the content is not a message or cannot be parsed. */
export function outlookAddresses(bytes: Buffer): readonly string[] {
  try {
    const file = new CompoundFile(sourceOfBuffer(bytes))
    return programOf(file) === 'outlook' ? outlookMessage(file).addresses : []
  } catch (error) {
    if (error instanceof CompoundDamaged) return []
    throw error
  }
}
