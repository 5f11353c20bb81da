/** The words and operators of a query. */
import { UsageError } from '../base/errors.ts'

const MAX_TOKENS = 200

export type Token = {
  readonly kind: 'open' | 'close' | 'comma' | 'quoted' | 'word'
  readonly text: string
  readonly glued: boolean
}

const TOKEN = /\s*(?:(\()|(\))|(,)|"([^"]*)"|([^\s()",]+))/gy

/** @throws UsageError when the query cannot be split into tokens, is empty or too long */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = []
  const end = query.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(query)
    if (!match)
      throw new UsageError(
        `The query cannot be read from "${query.slice(at, at + 20)}" on: is a quotation mark missing?`,
      )
    const [whole, open, close, comma, quoted, word] = match
    const glued = at > 0 && !/^\s/.test(whole)
    if (open) tokens.push({ kind: 'open', text: '(', glued })
    else if (close) tokens.push({ kind: 'close', text: ')', glued })
    else if (comma) tokens.push({ kind: 'comma', text: ',', glued })
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted, glued })
    else tokens.push({ kind: 'word', text: word!, glued })
  }
  if (tokens.length === 0) throw new UsageError('The query is empty.')
  if (tokens.length > MAX_TOKENS) throw new UsageError(`The query has more than ${MAX_TOKENS} parts.`)
  return tokens
}
