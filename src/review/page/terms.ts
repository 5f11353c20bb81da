/** The terms of a filter: what chips, lists and months add to it and take away. A quoted value is one term. */

const TERM = /(?:[^\s"]|"[^"]*"?)+/g

function termsOf(query: string): readonly string[] {
  return query.match(TERM) ?? []
}

/** With the terms added, or without them where all are there. */
export function toggled(query: string, added: string): string {
  const [terms, wanted] = [termsOf(query), termsOf(added)]
  const rest = terms.filter((one) => !wanted.includes(one))
  return (has(query, added) ? rest : [...rest, ...wanted]).join(' ')
}

export function has(query: string, wanted: string): boolean {
  const terms = termsOf(query)
  return termsOf(wanted).every((one) => terms.includes(one))
}

/** With the terms of these fields replaced. @param added empty: they are only taken away */
export function replaced(query: string, fields: readonly string[], added: string): string {
  const rest = termsOf(query).filter((one) => !fields.some((field) => one.startsWith(`${field}:`)))
  return [...rest, ...termsOf(added)].join(' ')
}
