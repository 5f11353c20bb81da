/**
 * Evaluation by an agency that has the PAN-2012 sexual predator identification corpus. Its XML is read here and never
 * stored. The corpus contains explicit chats, so the project neither has nor wants it.
 *
 * Format: `<conversations><conversation id="…"><message
 * line="1"><author>…</author><time>…</time><text>…</text></message>…` and a list of predators' author ids, one per
 * line. The official figure is F0.5 over predators: false alarms count double.
 */
import { createReadStream, readFileSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'
import type { Message } from './conversation.ts'
import type { GroomingClassifier } from './grooming.ts'

export interface Pan12Conversation {
  readonly id: string
  readonly messages: readonly Message[]
}

export interface Pan12Result {
  readonly conversations: number
  readonly messages: number
  readonly authors: number
  readonly predators: number
  /** Predators of the list that no conversation has. */
  readonly predatorsUnseen: number
  readonly threshold: number
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
  readonly precision: number
  readonly recall: number
  readonly f05: number
  /** Predators and other authors in the corpus that are marked at each requested threshold. */
  readonly atThresholds: readonly {
    readonly threshold: number
    readonly found: number
    readonly falsely: number
  }[]
}

/** No corpus file exceeds these; a crafted one must not fill the memory. */
const LIMITS = { conversationChars: 16_000_000, nameChars: 200 } as const

/**
 * Reads the corpus as a stream. No document type and no entity but the five of XML and character numbers is read.
 * @throws RangeError on a document type, or a conversation larger than any chat
 */
export async function* readPan12(chunks: AsyncIterable<string | Buffer>): AsyncIterable<Pan12Conversation> {
  const decoder = new TextDecoder('utf-8')
  let pending = ''
  for await (const chunk of chunks) {
    pending += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    if (/<!(?:DOCTYPE|ENTITY)/i.test(pending))
      throw new RangeError('The corpus file has a document type: it was refused.')
    for (;;) {
      const end = pending.indexOf('</conversation>')
      if (end === -1) break
      yield parseConversation(pending.slice(pending.indexOf('<conversation '), end))
      pending = pending.slice(end + '</conversation>'.length)
    }
    if (pending.length > LIMITS.conversationChars)
      throw new RangeError('A conversation of the corpus file has no end.')
  }
}

export function readPredators(text: string): ReadonlySet<string> {
  return new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  )
}

/**
 * @throws UsageError when a file cannot be read, has another format, or has no conversation or none of the predators
 */
export async function evaluatePan12File(
  corpus: string,
  truth: string,
  classifier: GroomingClassifier,
  thresholds: readonly number[] = [],
): Promise<Pan12Result> {
  let result: Pan12Result
  try {
    const predators = readPredators(readFileSync(truth, 'utf8'))
    result = await evaluatePan12(readPan12(createReadStream(corpus)), predators, classifier, thresholds)
  } catch (cause) {
    const { code, path } = cause as NodeJS.ErrnoException
    if (code !== undefined && path !== undefined)
      throw new UsageError(`${path} could not be read (${code}).`, { cause })
    if (cause instanceof RangeError) throw new UsageError(`${corpus}: ${cause.message}`, { cause })
    throw cause
  }
  if (result.conversations === 0)
    throw new UsageError(`${corpus} holds no conversation in the format of PAN-2012.`)
  if (result.predators === 0)
    throw new UsageError(
      `None of the ids of ${truth} is an author of ${corpus}: are both of the same part of the corpus?`,
    )
  return result
}

/**
 * An author is marked when a conversation reaches the threshold with that author as the side that carries the score.
 */
export async function evaluatePan12(
  conversations: AsyncIterable<Pan12Conversation>,
  predators: ReadonlySet<string>,
  classifier: GroomingClassifier,
  thresholds: readonly number[] = [],
): Promise<Pan12Result> {
  const authors = new Set<string>()
  const strongest = new Map<string, number>()
  let conversationCount = 0
  let messageCount = 0
  let threshold = 0
  for await (const { messages } of conversations) {
    conversationCount += 1
    messageCount += messages.length
    for (const { sender } of messages) authors.add(sender)
    const result = await classifier.classify(messages)
    threshold = result.threshold
    const { sender, score } = result
    if (sender !== null) strongest.set(sender, Math.max(score, strongest.get(sender) ?? 0))
  }
  const seen = [...predators].filter((id) => authors.has(id))
  const isMarked = (id: string, at: number) => (strongest.get(id) ?? -1) >= at
  const countAt = (at: number) => {
    const found = seen.filter((id) => isMarked(id, at)).length
    return { found, falsely: [...strongest.keys()].filter((id) => isMarked(id, at)).length - found }
  }
  const { found: truePositives, falsely: falsePositives } = countAt(threshold)
  const falseNegatives = seen.length - truePositives
  const precision = ratio(truePositives, truePositives + falsePositives)
  const recall = ratio(truePositives, truePositives + falseNegatives)
  return {
    conversations: conversationCount,
    messages: messageCount,
    authors: authors.size,
    predators: seen.length,
    predatorsUnseen: predators.size - seen.length,
    threshold,
    truePositives,
    falsePositives,
    falseNegatives,
    precision,
    recall,
    f05: ratio(1.25 * precision * recall, 0.25 * precision + recall),
    atThresholds: thresholds.map((at) => ({ threshold: at, ...countAt(at) })),
  }
}

function parseConversation(xml: string): Pan12Conversation {
  const id = /^<conversation\s+[^>]*?id="([^"]*)"/.exec(xml)?.[1] ?? ''
  const messages: Message[] = []
  for (const [, body] of xml.matchAll(/<message\b[^>]*>([\s\S]*?)<\/message>/g))
    messages.push({
      sender: element(body!, 'author').slice(0, LIMITS.nameChars),
      text: element(body!, 'text'),
    })
  return { id: decodeEntities(id).slice(0, LIMITS.nameChars), messages }
}

function element(xml: string, name: string): string {
  const start = xml.indexOf(`<${name}>`)
  if (start === -1) return ''
  const end = xml.indexOf(`</${name}>`, start)
  return decodeEntities(xml.slice(start + name.length + 2, end === -1 ? undefined : end))
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/gi,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return NAMED[String(name).toLowerCase()]!
      const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code > 0x10ffff ? whole : String.fromCodePoint(code)
    },
  )
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
