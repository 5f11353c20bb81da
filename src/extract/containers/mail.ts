/** Mail: attachments of a message through postal-mime; messages of an mbox. Bodies are text-read's, not members. */
import PostalMime, { type Email } from 'postal-mime'
import { ContainerDamaged, type Member, type Opener } from './container.ts'
import { messageOf } from './zip.ts'

export const message: Opener = {
  id: 'message',
  mediaTypes: ['message/rfc822'],
  async *members(bytes, budget) {
    let attachments: Awaited<ReturnType<typeof PostalMime.parse>>['attachments']
    try {
      ;({ attachments } = await PostalMime.parse(bytes, {
        forceRfc822Attachments: true,
        attachmentEncoding: 'arraybuffer',
      }))
    } catch (cause) {
      throw new ContainerDamaged(messageOf(cause), { cause })
    }
    for (const [i, attachment] of attachments.entries()) {
      budget.entry()
      const content = Buffer.from(attachment.content as ArrayBuffer)
      budget.charge(content.length)
      yield file(
        attachment.related ? 'embedded' : 'attachment',
        Buffer.from(attachment.filename || `part-${i + 1}`),
        content,
      )
    }
  },
}

export const mbox: Opener = {
  id: 'mbox',
  mediaTypes: ['application/mbox'],
  async *members(bytes, budget) {
    let number = 0
    for (const content of messagesOf(bytes)) {
      budget.entry()
      budget.charge(content.length)
      yield file('member', Buffer.from(`message-${String(++number).padStart(6, '0')}`), content)
    }
  },
}

/** Everyone that a message was sent from or to. Empty when it cannot be read. */
export async function mailAddresses(bytes: Buffer): Promise<string[]> {
  let mail: Email
  try {
    mail = await PostalMime.parse(bytes)
  } catch (error) {
    if (error instanceof Error) return []
    throw error
  }
  return addressesOf(mail)
}

export function addressesOf(mail: Email): string[] {
  const people = [
    mail.from,
    mail.sender,
    ...(mail.to ?? []),
    ...(mail.cc ?? []),
    ...(mail.bcc ?? []),
    ...(mail.replyTo ?? []),
  ]
  return people
    .flatMap((who) => (who === undefined ? [] : 'group' in who && who.group ? who.group : [who]))
    .flatMap((who) => (who.address ? [who.address] : []))
}

/** Splits at lines that start with `From `, which a writer escapes inside a message (RFC 4155). */
export function* messagesOf(bytes: Buffer): Generator<Buffer> {
  const mark = Buffer.from('\nFrom ')
  let start = 0
  while (start < bytes.length) {
    const next = bytes.indexOf(mark, start)
    const end = next === -1 ? bytes.length : next + 1
    const firstLine = bytes.indexOf(0x0a, start)
    if (firstLine !== -1 && firstLine < end) yield bytes.subarray(firstLine + 1, end)
    start = end
  }
}

function file(kind: 'attachment' | 'embedded' | 'member', name: Buffer, content: Buffer): Member {
  return {
    kind,
    name,
    entryKind: 'file',
    sizeBytes: BigInt(content.length),
    modified: null,
    linkTarget: null,
    read: async () => content,
  }
}
