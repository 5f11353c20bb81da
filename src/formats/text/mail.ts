/**
 * Extracts text of mail: sender, recipients, subject and body. Attachments are separate contents
 * (formats/archives/mail.ts). A mailbox is extracted as a conversation: its messages with their senders.
 */

import PostalMime, { type Email } from 'postal-mime'
import type { TextNote } from '../../contracts/text-note.ts'
import type { TextLimits } from '../../wire/text.ts'
import { addressesOf, messagesOf } from '../archives/mail.ts'
import { detailOf } from '../bytes/coded-error.ts'
import {
  chatText,
  MAX_DEPTH,
  TextCollector,
  TextDamaged,
  type TextExtractor,
  type TextMessage,
  tidied,
} from '../documents/text-extractor.ts'
import { textOfHtml } from './markup.ts'

export const message: TextExtractor = {
  id: 'message',
  reads: (mediaType) => mediaType === 'message/rfc822',
  async extract(bytes, limits) {
    const mail = await parsed(bytes)
    const { text, warnings, notes } = bodyOf(mail, limits)
    const sink = new TextCollector(limits)
    sink.add(`${headerLines(mail)}\n${text}`)
    return {
      text: tidied(sink.text()),
      addresses: addressesOf(mail),
      warnings: [...warnings, ...sink.warnings()],
      notes,
    }
  },
}

export const mailbox: TextExtractor = {
  id: 'mailbox',
  reads: (mediaType) => mediaType === 'application/mbox',
  async extract(bytes, limits) {
    const messages: TextMessage[] = []
    const addresses = new Set<string>()
    const sink = new TextCollector(limits)
    let unreadable = 0
    for (const one of messagesOf(bytes)) {
      if (sink.isFull) break
      try {
        const mail = await parsed(one)
        const text = tidied(`${mail.subject ?? ''}\n${bodyOf(mail, limits).text}`)
        const sender = mail.from?.address ?? mail.from?.name ?? ''
        messages.push({ sender, text })
        for (const address of addressesOf(mail)) addresses.add(address)
        sink.add(`${chatText([{ sender, text }])}\n\n`)
      } catch (error) {
        if (!(error instanceof TextDamaged)) throw error
        unreadable++
      }
    }
    const warnings: TextNote[] =
      unreadable > 0 ? [{ code: 'messages-unreadable', params: { messages: unreadable } }] : []
    return {
      text: tidied(sink.text()),
      messages,
      addresses: [...addresses],
      warnings: [...warnings, ...sink.warnings()],
    }
  },
}

async function parsed(bytes: Buffer): Promise<Email> {
  try {
    return await PostalMime.parse(bytes, { maxNestingDepth: MAX_DEPTH, maxHeadersSize: 2 << 20 })
  } catch (cause) {
    throw new TextDamaged(detailOf(cause), { cause })
  }
}

function bodyOf(mail: Email, limits: TextLimits): ReturnType<typeof textOfHtml> {
  if (mail.text !== undefined && mail.text.trim() !== '') return { text: mail.text, warnings: [], notes: [] }
  return mail.html === undefined ? { text: '', warnings: [], notes: [] } : textOfHtml(mail.html, limits)
}

function headerLines(mail: Email): string {
  const people = (list: Email['to']) =>
    (list ?? [])
      .map(({ name, address }) => [name, address && `<${address}>`].filter(Boolean).join(' '))
      .join(', ')
  const lines: [string, string][] = [
    ['Subject', mail.subject ?? ''],
    ['From', people(mail.from ? [mail.from] : [])],
    ['To', people(mail.to)],
    ['Cc', people(mail.cc)],
    ['Date', mail.date ?? ''],
  ]
  return lines.flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`])).join('\n')
}
