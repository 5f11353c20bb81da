/**
 * Explainable rules over folded text: a catalogue of signs, and for each language the phrases that show them and who has reviewed
 * them. They are read from data files (phrase-files.ts).
 *
 * Patterns are written for people who know the language (phrase-notation.ts) and match whole words, in any script.
 */
import { type FoldedText, originalSpan } from './fold-text.ts'
import { isBetweenWords, type Pattern } from './phrase-notation.ts'
import { EDGE } from './required-words.ts'
import { runFinder } from './run-finder.ts'

export const STRENGTHS = ['weak', 'medium', 'strong'] as const
export type Strength = (typeof STRENGTHS)[number]

/** A meaning that rules of every language search for. */
export interface Sign {
  readonly id: string
  /** Stage of a conversation, or dimension of an indicator set. */
  readonly stage: string
  readonly strength: Strength
  /** Meaning of a match, in words for a report. */
  readonly says: string
}

export interface PhraseRule {
  /** Language and sign: `es/secrecy-delete`. */
  readonly id: string
  readonly sign: Sign
  readonly patterns: readonly Pattern[]
  /** A match that overlaps one of these has another meaning ("a photo of your homework"). */
  readonly unless: readonly RegExp[]
  /** What refuses it: in front of a match (its words lead to it) or inside it ("we never ask for a fee"). */
  readonly denial?: { readonly before: RegExp; readonly inside: RegExp } | null
  /** Anywhere in the same text, one of these makes the sign weak ("don't tell dad, it's a surprise"). */
  readonly beside: readonly RegExp[]
}

export interface PhraseSet {
  readonly language: string
  /** Empty: no speaker of the language has reviewed it yet. */
  readonly reviewedBy: readonly string[]
  readonly rules: readonly PhraseRule[]
}

export interface RuleMatch {
  readonly rule: PhraseRule
  /** The sign's own strength, or weak beside an innocent reason. */
  readonly strength: Strength
  /** Offsets into the original text. */
  readonly start: number
  readonly end: number
}

/** Characters around a match in which an exception is searched for. */
const AROUND_CHARS = 60

export interface RuleMatcher {
  /** First match of each rule in a text, in the order of the text. */
  match(folded: FoldedText): RuleMatch[]
}

interface IndexedPattern {
  readonly rule: number
  readonly expression: RegExp
  /** Numbers of runs: the text must contain one of each list. */
  readonly required: readonly (readonly number[])[]
}

/** Indexes the patterns by the letter runs that they require. */
export function ruleMatcher(rules: readonly PhraseRule[]): RuleMatcher {
  const numbers = new Map<string, number>()
  const numberOf = (run: string) => {
    const number = numbers.get(run) ?? numbers.size
    numbers.set(run, number)
    return number
  }
  const patterns: readonly IndexedPattern[] = rules.flatMap((rule, r) =>
    rule.patterns.map(({ expression, required }) => ({
      rule: r,
      expression,
      required: required.map((anyOf) => anyOf.map(numberOf)),
    })),
  )
  const finder = runFinder([...numbers.keys()], EDGE, isBetweenWords)
  const always: number[] = []
  const byRun: number[][] = Array.from(numbers, () => [])
  patterns.forEach(({ required }, p) => {
    if (required[0]) for (const run of required[0]) byRun[run]!.push(p)
    else always.push(p)
  })
  // A number of a text marks that it contains a run, or may match a pattern: no array is cleared between texts.
  const heldBy = new Uint32Array(numbers.size)
  const askedOf = new Uint32Array(patterns.length)
  let text = 0
  let candidates: number[] = []
  const isHeld = (run: number) => heldBy[run] === text
  const found = (run: number) => {
    if (isHeld(run)) return
    heldBy[run] = text
    for (const p of byRun[run]!) {
      if (askedOf[p] === text) continue
      askedOf[p] = text
      candidates.push(p)
    }
  }
  return {
    match(folded) {
      text += 1
      candidates = [...always]
      finder.find(folded.text, found)
      const possible = candidates.filter((p) => holdsAll(patterns[p]!.required, isHeld))
      if (possible.length === 0) return []
      const matches = new Map<number, RuleMatch>()
      // In their order, because a rule's first pattern that matches speaks for it.
      for (const p of possible.sort((a, b) => a - b)) {
        const { rule, expression } = patterns[p]!
        if (matches.has(rule)) continue
        const match = firstMatch(rules[rule]!, expression, folded)
        if (match) matches.set(rule, match)
      }
      return [...matches.values()].sort(inOrderOfText)
    },
  }
}

function holdsAll(required: IndexedPattern['required'], isHeld: (run: number) => boolean): boolean {
  for (let i = 0; i < required.length; i += 1) if (!holdsAny(required[i]!, isHeld)) return false
  return true
}

function holdsAny(runs: readonly number[], isHeld: (run: number) => boolean): boolean {
  for (let i = 0; i < runs.length; i += 1) if (isHeld(runs[i]!)) return true
  return false
}

/** The same result as {@link ruleMatcher}, by trying every pattern. */
export function matchEveryRule(rules: readonly PhraseRule[], folded: FoldedText): RuleMatch[] {
  return rules
    .flatMap((rule) => {
      for (const { expression } of rule.patterns) {
        const match = firstMatch(rule, expression, folded)
        if (match) return [match]
      }
      return []
    })
    .sort(inOrderOfText)
}

function inOrderOfText(a: RuleMatch, b: RuleMatch): number {
  return a.start - b.start || (a.rule.id < b.rule.id ? -1 : 1)
}

function firstMatch(rule: PhraseRule, expression: RegExp, folded: FoldedText): RuleMatch | null {
  const { text } = folded
  for (
    let match = matchFrom(expression, text, 0);
    match;
    match = matchFrom(expression, text, afterOf(match))
  ) {
    const end = match.index + match[0].length
    if (isExcepted(rule, text, match.index, end) || isDenied(rule, text, match.index, end)) continue
    const innocent = rule.beside.some((pattern) => text.search(pattern) !== -1)
    const strength = innocent ? 'weak' : rule.sign.strength
    return { rule, strength, ...originalSpan(folded, match.index, end) }
  }
  return null
}

function isExcepted(rule: PhraseRule, text: string, start: number, end: number): boolean {
  if (rule.unless.length === 0) return false
  const from = beginOfLook(text, start)
  const around = text.slice(from, endOfLook(text, end))
  const touches = (found: RegExpExecArray) =>
    from + found.index <= end + 1 && from + found.index + found[0].length >= start - 1
  return rule.unless.some((pattern) => {
    for (let found = matchFrom(pattern, around, 0); found; found = matchFrom(pattern, around, afterOf(found)))
      if (touches(found)) return true
    return false
  })
}

/** A word that the bound cuts is left out: a part of "knot" is no "not". */
function beginOfLook(text: string, start: number): number {
  let from = Math.max(0, start - AROUND_CHARS)
  while (from > 0 && from < start && !isBetweenWords(text[from - 1]!)) from += 1
  return from
}

function endOfLook(text: string, end: number): number {
  let to = end + AROUND_CHARS
  while (to > end && to < text.length && !isBetweenWords(text[to]!)) to -= 1
  return to
}

function isDenied({ denial }: PhraseRule, text: string, start: number, end: number): boolean {
  if (!denial) return false
  const from = beginOfLook(text, start)
  const before = text.slice(from, end)
  for (
    let found = matchFrom(denial.before, before, 0);
    found;
    found = matchFrom(denial.before, before, afterOf(found))
  )
    if (from + found.index <= start && from + found.index + found[0].length >= start - 1) return true
  return matchFrom(denial.inside, text.slice(start, end), 0) !== null
}

/**
 * Like `matchAll`, without its copy of the expression, which costs more than most searches. @param expression global
 */
function matchFrom(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  if (at > text.length) return null
  expression.lastIndex = at
  return expression.exec(text)
}

/** Always advances, also after an empty match. */
function afterOf(match: RegExpExecArray): number {
  return match.index + Math.max(1, match[0].length)
}
