/** Extracts text of Outlook messages (MSG): sender, recipients, subject, body, and nested forwarded messages. */

import type { TextNote } from '../../contracts/text-note.ts'
import type { TextLimits } from '../../wire/text.ts'
import type { CompoundFile } from '../compound/compound-file.ts'
import { MESSAGE_DEPTH, type OutlookMessage, outlookMessage } from '../compound/outlook-message.ts'
import { unpackedRtf } from '../compound/packed-rtf.ts'
import { type ExtractedText, TextCollector, tidied } from '../documents/text-extractor.ts'
import { decodeText } from './decode-text.ts'
import { textOfHtml } from './markup.ts'
import { rtf } from './rtf.ts'

export async function readMessage(file: CompoundFile, limits: TextLimits): Promise<ExtractedText> {
  const sink = new TextCollector(limits)
  const notes: TextNote[] = []
  const warnings: TextNote[] = []
  const addresses = new Set<string>()
  await addMessage(outlookMessage(file), { sink, notes, warnings, addresses, limits })
  return {
    text: tidied(sink.text()),
    addresses: [...addresses],
    warnings: [...warnings, ...sink.warnings()],
    notes,
  }
}

interface Reading {
  readonly sink: TextCollector
  readonly notes: TextNote[]
  readonly warnings: TextNote[]
  readonly addresses: Set<string>
  readonly limits: TextLimits
}

async function addMessage(message: OutlookMessage, reading: Reading): Promise<void> {
  const { sink, addresses } = reading
  for (const address of message.addresses) addresses.add(address)
  if (message.leftOut > 0 && !reading.warnings.some(({ code }) => code === 'messages-too-deep'))
    reading.warnings.push({ code: 'messages-too-deep', params: { depth: MESSAGE_DEPTH } })
  const { name, address } = message.sender
  const from = [name, address && `<${address}>`].filter(Boolean).join(' ')
  const date = message.sentMs === null ? '' : isoDate(message.sentMs)
  for (const [label, value] of [
    ['Subject', message.subject],
    ['From', from],
    ['To', message.to],
    ['Cc', message.cc],
    ['Date', date],
  ] as const)
    if (value !== '') sink.add(`${label}: ${value}\n`)
  sink.add(`\n${await bodyOf(message, reading)}\n`)
  for (const { message: inner } of message.attachments)
    if (inner && !sink.isFull) {
      sink.add('\n')
      await addMessage(inner, reading)
    }
}

/** The plain body contains the same text as the other forms. */
async function bodyOf(message: OutlookMessage, { limits, notes }: Reading): Promise<string> {
  if (message.plain.trim() !== '') return message.plain
  if (message.html) {
    const html = textOfHtml(decodeText(message.html).text, limits)
    notes.push(...html.notes)
    return html.text
  }
  const unpacked = message.packedRtf && unpackedRtf(message.packedRtf)
  return unpacked ? (await rtf.extract(unpacked, limits)).text : ''
}

function isoDate(ms: number): string {
  return Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : ''
}
