/** Reads the data files of phrase rules, one a language. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../base/errors.ts'
import { compilePattern } from './phrase-notation.ts'
import type { PhraseSet, Sign } from './phrase-rules.ts'

interface PhraseFile {
  readonly language: string
  readonly reviewedBy: readonly string[]
  readonly lists: Readonly<Record<string, string>>
  readonly denial?: { readonly before: string; readonly inside: string }
  /** `beside` of every rule. */
  readonly told?: readonly string[]
  readonly rules: readonly {
    readonly sign: string
    readonly match: readonly string[]
    readonly unless?: readonly string[]
    readonly beside?: readonly string[]
    /** Whether the denial of the file holds for it. */
    readonly denied?: boolean
  }[]
}

/** @throws UsageError with the file and the rule that cannot be read */
export function readPhraseSets(folder: string, signs: readonly Sign[]): PhraseSet[] {
  const byId = new Map(signs.map((sign) => [sign.id, sign]))
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => parsePhraseSet(readFileSync(join(folder, name), 'utf8'), byId, join(folder, name)))
}

export function parsePhraseSet(json: string, signs: ReadonlyMap<string, Sign>, where: string): PhraseSet {
  const file = JSON.parse(json) as PhraseFile
  const lists = new Map(Object.entries(file.lists))
  const expressions = (patterns: readonly string[]) =>
    patterns.map((pattern) => compilePattern(pattern, lists).expression)
  return {
    language: file.language,
    reviewedBy: file.reviewedBy,
    rules: file.rules.map(({ sign: id, match, unless = [], beside = [], denied = false }) => {
      const sign = signs.get(id)
      if (!sign) throw new UsageError(`${where}: there is no sign “${id}”.`)
      try {
        return {
          id: `${file.language}/${id}`,
          sign,
          patterns: match.map((pattern) => compilePattern(pattern, lists)),
          unless: expressions(unless),
          beside: expressions([...(file.told ?? []), ...beside]),
          denial: denied ? denialOf(file, expressions) : null,
        }
      } catch (error) {
        throw new UsageError(
          `${where}: the phrases of “${id}” could not be read (${(error as Error).message}).`,
          {
            cause: error,
          },
        )
      }
    }),
  }
}

function denialOf(file: PhraseFile, expressions: (patterns: readonly string[]) => RegExp[]) {
  if (!file.denial) throw new Error('the file has no denial')
  const [before, inside] = expressions([file.denial.before, file.denial.inside])
  return { before: before!, inside: inside! }
}
