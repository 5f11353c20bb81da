/** The tables of the grooming card. */
import type { GroomingClassifier, GroomingResult } from '../../src/classify-text/grooming.ts'
import type { ModelHead } from '../../src/classify-text/model-signs.ts'
import type { AuthoredConversation } from './authored.ts'
import { wilson } from './metrics.ts'
import type { BenignConversation, StageLine } from './stage-rows.ts'

/** False positives on benign rows, by source and language and by rule; each row scored by a model that never saw it. */
export async function benignTables(
  benign: readonly BenignConversation[],
  fold: Int32Array,
  unseen: readonly GroomingClassifier[],
) {
  const total = new Tally()
  const bySource = new Map<string, Tally>()
  const byRule = new Map<string, { signs: number; conversations: number }>()
  for (const [i, { source, language, messages }] of benign.entries()) {
    const result = await unseen[fold[i]!]!.classify(messages)
    const key = `${source} ${language}`
    const tally = bySource.get(key) ?? new Tally()
    bySource.set(key, tally)
    tally.add(messages.length, result)
    total.add(messages.length, result)
    const names = result.signs.map(({ rule }) => (rule.id.startsWith('model/') ? rule.id : rule.sign.id))
    for (const name of new Set(names)) {
      const before = byRule.get(name) ?? { signs: 0, conversations: 0 }
      byRule.set(name, {
        signs: before.signs + names.filter((other) => other === name).length,
        conversations: before.conversations + 1,
      })
    }
  }
  return {
    total: total.row(),
    bySourceAndLanguage: Object.fromEntries([...bySource].map(([key, tally]) => [key, tally.row()])),
    byRule: Object.fromEntries(
      [...byRule]
        .sort(([, a], [, b]) => b.signs - a.signs)
        .map(([name, { signs, conversations }]) => [
          name,
          {
            signsPer1000Messages: round((1000 * signs) / total.messages),
            conversationsPer100: round((100 * conversations) / total.conversations),
          },
        ]),
    ),
  }
}

class Tally {
  conversations = 0
  messages = 0
  #signs = 0
  #signed = 0
  #above = 0
  add(messages: number, { signs, score, threshold }: GroomingResult): void {
    this.conversations += 1
    this.messages += messages
    this.#signs += signs.length
    if (signs.length > 0) this.#signed += 1
    if (score >= threshold) this.#above += 1
  }
  row() {
    const { low, high } = wilson(this.#above, this.conversations)
    return {
      conversations: this.conversations,
      messages: this.messages,
      signsPer1000Messages: round((1000 * this.#signs) / this.messages),
      conversationsWithASignPer100: round((100 * this.#signed) / this.conversations),
      aboveThresholdPer100: {
        value: round((100 * this.#above) / this.conversations),
        low: round(100 * low),
        high: round(100 * high),
      },
    }
  }
}

const JOINED_MESSAGES = 400

/** What a long benign text comes to: chats joined to 400 messages, and offers of work and joined sentences without turns. */
export async function longTextTable(
  benign: readonly BenignConversation[],
  offers: readonly string[],
  classifier: GroomingClassifier,
) {
  const chats = joined(benign.filter(({ messages }) => messages.length > 2))
  const chatScores = []
  for (const messages of chats) chatScores.push((await classifier.classify(messages)).score)
  const sentences = joined(benign.filter(({ source }) => source === 'tatoeba_multi')).map((messages) =>
    messages.map(({ text }) => text).join(' '),
  )
  const textScores = []
  for (const text of [...offers, ...sentences]) textScores.push((await classifier.classifyText(text)).score)
  const row = (scores: readonly number[]) => ({
    texts: scores.length,
    aboveThreshold: scores.filter((score) => score >= 0.5).length,
    highest: round(Math.max(...scores)),
  })
  return {
    note: 'by the shipped model, which has seen the chats and sentences, not the offers',
    chatsJoinedTo400Messages: row(chatScores),
    offersAndJoinedSentencesWithoutTurns: row(textScores),
  }
}

function joined(conversations: readonly BenignConversation[]) {
  const all = conversations.flatMap(({ messages, language }) =>
    messages.map((message) => ({ ...message, language })),
  )
  const out = []
  for (let at = 0; at + JOINED_MESSAGES <= all.length; at += JOINED_MESSAGES)
    out.push(
      all.slice(at, at + JOINED_MESSAGES).map(({ text }, i) => ({ sender: i % 2 === 0 ? 'a' : 'b', text })),
    )
  return out
}

/** Share of authored lines that a model which never saw them takes for their stage, at each degree. */
export function lineTable(
  lines: readonly StageLine[],
  logits: readonly Float32Array[],
  heads: readonly ModelHead[],
) {
  return Object.fromEntries(
    heads.map((head, h) => {
      const own = lines.flatMap((line, i) => (line.stage === head.stage ? [logits[i]![h]!] : []))
      const at = (threshold: number) => shares(own.filter((logit) => logit >= threshold).length, own.length)
      return [
        head.stage,
        {
          lines: own.length,
          recallAt2FalsePositivesIn1000Sentences: at(head.weak),
          recallAt3In10000: at(head.medium),
          recallAt1In10000: at(head.strong),
        },
      ]
    }),
  )
}

/** Authored conversations at or above the threshold, by part and side. */
export async function authoredTable(
  conversations: readonly (AuthoredConversation & { readonly concerning: boolean })[],
  classifier: GroomingClassifier,
) {
  const scores = new Map<string, number[]>()
  for (const { part, concerning, messages } of conversations) {
    const key = `${concerning ? 'concerning' : 'benign look-alikes'}, ${part}`
    const { score } = await classifier.classify(messages)
    scores.set(key, [...(scores.get(key) ?? []), score])
  }
  return Object.fromEntries(
    [...scores].map(([key, all]) => [
      key,
      {
        conversations: all.length,
        aboveThreshold: all.filter((score) => score >= 0.5).length,
        share: shares(all.filter((score) => score >= 0.5).length, all.length),
        median: round([...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!),
      },
    ]),
  )
}

function shares(part: number, whole: number) {
  const { low, high } = wilson(part, whole)
  return { value: round(part / Math.max(1, whole)), low: round(low), high: round(high) }
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
