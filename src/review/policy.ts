/**
 * An agency's policy for reviews (`--policy FILE`): the level of sight for each pass, limits of a day, what a pass needs,
 * and how many persons an export of originals takes. Its digest stands in the custody log; what it does not say is as the
 * program has it.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { UsageError } from '../base/errors.ts'
import { PASSES } from '../contracts/custody.ts'
import { LEVELS, rankOf, SCREEN_LEVELS, TREATMENTS } from '../contracts/sight.ts'
import { DEFAULT_RULES, type SightRule, type SightRules } from './sight-rules.ts'

export interface Policy {
  readonly rules: SightRules
  /** Persons who must name themselves for an export of originals. */
  readonly exportPersons: 1 | 2
  /** SHA-256 of the file; null: the program's own rules. */
  readonly sha256: string | null
  /** The file; null: the program's own rules. */
  readonly text: string | null
}

export const NO_POLICY: Policy = { rules: DEFAULT_RULES, exportPersons: 1, sha256: null, text: null }

const LEVEL = v.picklist(SCREEN_LEVELS)
const RULE = v.strictObject({ start: LEVEL, screen: LEVEL, held: LEVEL })
const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0))
const LIMITS = v.strictObject({
  tiles: v.optional(v.nullable(COUNT), null),
  minutes: v.optional(v.nullable(COUNT), null),
})
const perPass = <Of extends v.GenericSchema>(of: Of) =>
  v.optional(v.strictObject(v.entriesFromList(PASSES, v.optional(of))))

const POLICY = v.strictObject({
  policy: v.literal(1),
  title: v.optional(v.string(), ''),
  sight: perPass(v.strictObject({ listed: v.optional(RULE), other: v.optional(RULE) })),
  treatments: v.optional(v.pipe(v.array(v.picklist(TREATMENTS)), v.minLength(1)), [...TREATMENTS]),
  day: v.optional(v.strictObject(v.entriesFromList(LEVELS, v.optional(LIMITS))), {}),
  needs: perPass(v.picklist(LEVELS)),
  export: v.optional(v.strictObject({ persons: v.picklist([1, 2]) }), { persons: 1 }),
})

/** @throws UsageError when the file is no policy: a review never begins under half a policy */
export function readPolicy(file: string): Policy {
  try {
    return parsePolicy(readFileSync(file), file)
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`--policy ${file} could not be read: ${(cause as Error).message}.`, { cause })
  }
}

/** @param file named in messages @throws UsageError */
export function parsePolicy(bytes: Buffer, file: string): Policy {
  let value: unknown
  let text: string
  try {
    // A mark at the beginning belongs to the bytes that the digest is of.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw new UsageError(`--policy ${file} could not be read: ${(cause as Error).message}.`, { cause })
  }
  const read = v.safeParse(POLICY, value)
  if (!read.success) {
    const [{ message, path }] = read.issues
    const at = path?.map(({ key }) => String(key)).join('.') ?? ''
    throw new UsageError(`--policy ${file} is no policy: ${at === '' ? '' : `${at}: `}${message}.`)
  }
  const { sight, treatments, day, needs, export: exported } = read.output
  const of = Object.fromEntries(
    PASSES.map((pass) => [pass, { ...DEFAULT_RULES.of[pass], ...definedIn(sight?.[pass]) }]),
  ) as unknown as SightRules['of']
  for (const pass of PASSES)
    for (const rule of Object.values(of[pass]) as SightRule[])
      if (rankOf(rule.start) > rankOf(rule.screen) || rankOf(rule.screen) > rankOf(rule.held))
        throw new UsageError(
          `--policy ${file}: the levels of the pass "${pass}" do not rise from "start" over "screen" to "held".`,
        )
  const rules: SightRules = {
    of,
    treatments,
    day: definedIn(day) as SightRules['day'],
    needs: definedIn(needs) as SightRules['needs'],
  }
  return {
    rules,
    exportPersons: exported.persons,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    text,
  }
}

function definedIn(given: object | undefined): object {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined))
}
