/**
 * A label with its parameters filled in: `{name}`, and `{n, plural, one {…} few {…} other {…}}` with `#` for the
 * number. The server's messages support more (report/texts/message.ts); a test compares the two.
 */

type Params = Readonly<Record<string, string | number>>

const PLURAL = /\{(\w+), plural,((?:\s*\w+\s*\{[^{}]*\})+)\s*\}/g
const CASE = /(\w+)\s*\{([^{}]*)\}/g

export function phrase(text: string, params: Params, language: string): string {
  return text
    .replace(PLURAL, (_, name: string, cases: string) => {
      const count = Number(params[name] ?? 0)
      const by = new Map([...cases.matchAll(CASE)].map(([, rule, words]) => [rule, words ?? '']))
      const words = by.get(new Intl.PluralRules(language).select(count)) ?? by.get('other') ?? ''
      return words.replaceAll('#', shown(count))
    })
    .replace(/\{(\w+)\}/g, (_, name: string) => shown(params[name] ?? ''))
}

/** Digits 0–9 in groups of three in every language, as in the record. */
function shown(value: string | number): string {
  return typeof value === 'number' ? value.toLocaleString('en') : value
}
