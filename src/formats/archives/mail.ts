/**
 * Extractors for mail: attachments of a message, and messages of an mbox. Message bodies belong to text extraction and
 * are not members, except bodies that only claim to be text (message-parts.ts).
 */
import { hash } from 'node:crypto'
import PostalMime, { type Email } from 'postal-mime'
import { type ByteSource, sourceOfBuffer } from '../bytes/byte-source.ts'
import { detailOf } from '../bytes/coded-error.ts'
import {
  type Budget,
  ContainerDamaged,
  type Extractor,
  LimitReached,
  type Member,
  wholeOf,
} from './common/container.ts'
import { named, writtenIn } from './embedded/written.ts'
import { type MessageParts, messageWithParts } from './message-parts.ts'

export const message: Extractor = {
  id: 'message',
  mediaTypes: ['message/rfc822'],
  inMemory: true,
  async *members(source, budget) {
    let parts: MessageParts
    try {
      parts = await messageWithParts(wholeOf(source))
    } catch (cause) {
      throw new ContainerDamaged(detailOf(cause), { cause })
    }
    for (const [i, attachment] of parts.mail.attachments.entries()) {
      budget.entry()
      const content = Buffer.from(attachment.content as ArrayBuffer)
      budget.charge(content.length)
      yield file(
        attachment.related ? 'embedded' : 'attachment',
        Buffer.from(attachment.filename || `part-${i + 1}`),
        content,
      )
    }
    yield* named(writtenOnce(parts.texts, budget), budget)
  },
}

/** Pictures and archives in letters, each once: a body may stand in a mail as text and as HTML. */
function* writtenOnce(texts: readonly Buffer[], budget: Budget): Generator<Buffer> {
  const seen = new Set<string>()
  for (const text of texts)
    for (const bytes of writtenIn(sourceOfBuffer(text), budget)) {
      const digest = hash('sha1', bytes)
      if (!seen.has(digest)) yield bytes
      seen.add(digest)
    }
}

export const mbox: Extractor = {
  id: 'mbox',
  mediaTypes: ['application/mbox'],
  async *members(source, budget) {
    let number = 0
    for (const content of messagesIn(source)) {
      budget.entry()
      budget.charge(content.length)
      yield file('member', Buffer.from(`message-${String(++number).padStart(6, '0')}`), content)
    }
  },
}

/** Addresses of all senders and recipients. Empty when the message cannot be parsed. */
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

export function messagesOf(bytes: Buffer): Generator<Buffer> {
  return messagesIn(sourceOfBuffer(bytes))
}

const WINDOW_BYTES = 4 << 20
/** No mail server accepts a message of this size, so the file is not a mailbox. */
const MESSAGE_BYTES = 512 << 20
const MARK = Buffer.from('\nFrom ')

/**
 * Splits at lines that start with `From `; a writer escapes such lines inside a message (RFC 4155). @throws
 * LimitReached
 */
function* messagesIn(source: ByteSource): Generator<Buffer> {
  let held = Buffer.alloc(0)
  let searched = 0
  for (let at = 0; ; ) {
    const next = held.indexOf(MARK, searched)
    if (next !== -1) {
      yield* withoutFirstLine(held.subarray(0, next + 1))
      held = held.subarray(next + 1)
      searched = 0
      continue
    }
    const more = source.read(at, WINDOW_BYTES)
    if (more.length === 0) break
    at += more.length
    searched = Math.max(0, held.length - MARK.length + 1)
    held = Buffer.concat([held, more])
    if (held.length > MESSAGE_BYTES + WINDOW_BYTES) throw new LimitReached('message-bytes', MESSAGE_BYTES)
  }
  yield* withoutFirstLine(held)
}

function* withoutFirstLine(message: Buffer): Generator<Buffer> {
  const firstLine = message.indexOf(0x0a)
  if (firstLine !== -1) yield message.subarray(firstLine + 1)
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
