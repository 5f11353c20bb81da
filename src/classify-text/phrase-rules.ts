/**
 * Explainable rules over folded text, read from data files: what a rule looks for, what it says, who has reviewed it.
 *
 * Patterns are written for people who know the language: a space stands for any white space or comma, an apostrophe for
 * one or none, `{name}` for a list of the file. Every pattern matches whole words, in any script.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../errors.ts'
import { type FoldedText, foldText, originalSpan } from './fold-text.ts'

export const STRENGTHS = ['weak', 'medium', 'strong'] as const
export type Strength = (typeof STRENGTHS)[number]

export interface PhraseRule {
  readonly id: string
  /** Stage of a conversation, or dimension of an indicator set. */
  readonly stage: string
  readonly strength: Strength
  /** What a match says, in words for a report. */
  readonly says: string
  readonly source: string | null
  readonly patterns: readonly RegExp[]
  /** A match inside a match of one of these says something else ("a photo of your homework"). */
  readonly unless: readonly RegExp[]
}

export interface RuleSet {
  readonly language: string
  /** Empty: nobody who knows the language has reviewed it yet. */
  readonly reviewedBy: readonly string[]
  readonly rules: readonly PhraseRule[]
}

export interface RuleMatch {
  readonly rule: PhraseRule
  /** Offsets into the original text. */
  readonly start: number
  readonly end: number
}

interface RuleFile {
  readonly language: string
  readonly reviewedBy: readonly string[]
  readonly lists?: Readonly<Record<string, string>>
  readonly rules: readonly {
    readonly id: string
    readonly stage: string
    readonly strength: Strength
    readonly says: string
    readonly source?: string
    readonly match: readonly string[]
    readonly unless?: readonly string[]
  }[]
}

/** Letters around a match that say nothing must be bridged: an exception is looked for this far around a match. */
const AROUND_CHARS = 60

/** @throws UsageError naming the file and the rule when one cannot be read */
export function readRuleSets(folder: string): RuleSet[] {
  if (!existsSync(folder)) throw new UsageError(`The rules folder ${folder} is missing. Install again.`)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => parseRuleSet(readFileSync(join(folder, name), 'utf8'), join(folder, name)))
}

export function parseRuleSet(json: string, where: string): RuleSet {
  const file = JSON.parse(json) as RuleFile
  const lists = new Map(Object.entries(file.lists ?? {}))
  return {
    language: file.language,
    reviewedBy: file.reviewedBy,
    rules: file.rules.map((rule) => {
      if (!(STRENGTHS as readonly string[]).includes(rule.strength))
        throw new UsageError(`${where}: the rule ${rule.id} has no strength.`)
      try {
        return {
          id: rule.id,
          stage: rule.stage,
          strength: rule.strength,
          says: rule.says,
          source: rule.source ?? null,
          patterns: rule.match.map((pattern) => compile(pattern, lists)),
          unless: (rule.unless ?? []).map((pattern) => compile(pattern, lists)),
        }
      } catch (error) {
        throw new UsageError(
          `${where}: the rule ${rule.id} could not be read (${(error as Error).message}).`,
          {
            cause: error,
          },
        )
      }
    }),
  }
}

/** First match of each rule in a text, in the order of the text. */
export function matchRules(rules: readonly PhraseRule[], text: string): RuleMatch[] {
  const folded = foldText(text)
  return rules
    .flatMap((rule) => firstMatch(rule, folded) ?? [])
    .sort((a, b) => a.start - b.start || a.rule.id.localeCompare(b.rule.id))
}

function firstMatch(rule: PhraseRule, folded: FoldedText): RuleMatch | null {
  for (const pattern of rule.patterns) {
    for (const match of folded.text.matchAll(pattern)) {
      const end = match.index + match[0].length
      if (isExcepted(rule, folded.text, match.index, end)) continue
      return { rule, ...originalSpan(folded, match.index, end) }
    }
  }
  return null
}

function isExcepted(rule: PhraseRule, text: string, start: number, end: number): boolean {
  if (rule.unless.length === 0) return false
  const from = Math.max(0, start - AROUND_CHARS)
  const around = text.slice(from, end + AROUND_CHARS)
  return rule.unless.some((pattern) =>
    [...around.matchAll(pattern)].some(
      (found) => from + found.index < end && from + found.index + found[0].length > start,
    ),
  )
}

const WORD = '[\\p{L}\\p{M}\\p{N}]'

function compile(pattern: string, lists: ReadonlyMap<string, string>): RegExp {
  // Patterns are folded as texts are: whoever writes them need not leave the accents out.
  const source = foldText(expand(pattern, lists, 0))
    .text.replaceAll(' ', '[\\s,]{1,3}')
    .replaceAll("'", "['\\s]?")
    .replaceAll('~', `(?:${WORD}|')+`)
  return new RegExp(`(?<!${WORD})(?:${source})(?!${WORD})`, 'gu')
}

function expand(pattern: string, lists: ReadonlyMap<string, string>, depth: number): string {
  return pattern.replace(/\{([a-z][a-z-]*)\}/g, (_, name: string) => {
    const list = lists.get(name)
    if (list === undefined || depth > 4) throw new Error(`there is no list “${name}”`)
    return `(?:${expand(list, lists, depth + 1)})`
  })
}
