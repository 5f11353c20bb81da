/**
 * Scores a text. In a messenger database each chat is scored separately; the database gets the highest score, and its
 * chat is named.
 */
import { type Attribute, attribute } from '../../contracts/attribute.ts'
import type { Score, Signal } from '../../contracts/finding.ts'
import type { TextFinding } from '../../wire/text-reply.ts'
import type { ExtractedText, TextMessage } from '../documents/text-extractor.ts'

/** Limit of signals for one content in the ledger. */
const MOST_SIGNALS = 100

interface Classifier {
  readonly classify: (text: string, messages: readonly TextMessage[]) => Promise<readonly TextFinding[]>
}

export async function scored(
  { classify }: Classifier,
  { text, messages = [], conversations = [] }: ExtractedText,
): Promise<readonly TextFinding[]> {
  if (conversations.length === 0) return classify(text, messages)
  const best = new Map<string, { readonly score: Score; readonly name: string }>()
  const signals: { readonly strength: number; readonly signal: Signal }[] = []
  let leftOut = 0
  let from = 0
  for (const one of conversations) {
    const findings = await classify('', one.messages)
    const strengths = new Map<string, number>()
    for (const finding of findings) {
      if (finding.kind !== 'score') continue
      strengths.set(finding.classifier, finding.scorePer10k)
      const key = `${finding.classifier} ${finding.label}`
      if (finding.scorePer10k > (best.get(key)?.score.scorePer10k ?? -1))
        best.set(key, { score: finding, name: one.name })
    }
    for (const finding of findings)
      if (finding.kind === 'signal') {
        const messageIndex = finding.messageIndex === null ? null : finding.messageIndex + from
        signals.push({
          strength: strengths.get(finding.classifier) ?? 0,
          signal: { ...finding, messageIndex },
        })
      } else if (finding.kind === 'attribute' && finding.code === 'signs-left-out')
        leftOut += (finding.params as { readonly signs: number }).signs
    from += one.messages.length
  }
  signals.sort((a, b) => b.strength - a.strength)
  leftOut += Math.max(0, signals.length - MOST_SIGNALS)
  return [
    ...[...best.values()].flatMap(({ score, name }) => [score, ...named(score, name)]),
    ...signals.slice(0, MOST_SIGNALS).map(({ signal }) => signal),
    ...(leftOut > 0 ? [attribute('signs-left-out', { signs: leftOut })] : []),
  ]
}

/** Names the chat only when its score is a lead. */
function named({ classifier, scorePer10k, thresholdPer10k }: Score, name: string): Attribute[] {
  if (thresholdPer10k === null || scorePer10k < thresholdPer10k) return []
  return [
    attribute('strongest-conversation', { conversation: name.slice(0, NAME_CHARS), classifier, scorePer10k }),
  ]
}

const NAME_CHARS = 100
