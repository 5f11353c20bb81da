/** Grooming signs: what the rules of every language find in a conversation, and one score for a person to sort by. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONCERNING, type Message, type MessageSign, weighSenders } from './conversation.ts'
import { foldText } from './fold-text.ts'
import { type PhraseSet, readPhraseSets, ruleMatcher, type Sign } from './phrase-rules.ts'
import { modelsFolder } from './text-model.ts'

export interface GroomingResult {
  /** 0–1; an order and a mark, not a probability. */
  readonly score: number
  readonly threshold: number
  /** Who says what carries the score, null when nothing does. */
  readonly sender: string | null
  readonly signs: readonly MessageSign[]
}

export interface GroomingClassifier {
  readonly phraseSets: readonly PhraseSet[]
  classify(messages: readonly Message[]): Promise<GroomingResult>
}

export const GROOMING_THRESHOLD = 0.5

/** Said by half the world: shown only beside a sign that asks for something or shuts others out. */
const BACKGROUND: readonly string[] = ['minor-sign', 'minor-named', 'adult-sign', 'family']

/** Longer messages are read to here. */
const MESSAGE_CHARS = 20_000

export async function openGrooming(folder: string = modelsFolder()): Promise<GroomingClassifier> {
  const { signs: catalogue } = JSON.parse(readFileSync(join(folder, 'grooming', 'signs.json'), 'utf8')) as {
    readonly signs: readonly Sign[]
  }
  const phraseSets = readPhraseSets(join(folder, 'grooming', 'phrases'), catalogue)
  // Every language's rules run on every message: no language detector knows romanised Greek or Bengali.
  const rules = ruleMatcher(phraseSets.flatMap((set) => set.rules))
  return {
    phraseSets,
    async classify(messages) {
      const signs = messages.flatMap(({ text }, messageIndex) =>
        rules.match(foldText(text.slice(0, MESSAGE_CHARS))).map((match) => ({ ...match, messageIndex })),
      )
      const strongest = weighSenders(messages, signs)[0]
      return {
        score: strongest ? 1 / (1 + Math.exp(-strongest.logit)) : 0,
        threshold: GROOMING_THRESHOLD,
        sender: strongest && strongest.stages.length > 0 ? strongest.sender : null,
        signs: signs.some(isConcerning)
          ? signs
          : signs.filter(({ rule }) => !BACKGROUND.includes(rule.sign.stage)),
      }
    },
  }
}

function isConcerning({ rule, strength }: MessageSign): boolean {
  return strength !== 'weak' && (CONCERNING as readonly string[]).includes(rule.sign.stage)
}
