/**
 * A validation plan: the tests and their acceptance, fixed before the run. A laboratory edits and signs it; its digest
 * and time precede the run.
 */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'
import { VERSION } from '../base/version.ts'
import { digestPartsAside } from '../parts/index.ts'
import {
  type Acceptance,
  NOT_TESTED,
  REPEAT_WHEN,
  REQUIREMENTS,
  type Requirement,
} from './model/requirements.ts'
import type { Size } from './model/scenario.ts'
import { SCENARIOS } from './scenarios/index.ts'

const PLAN_ABOUT = 'seized validation plan 1'

export interface ValidationPlan {
  readonly about: typeof PLAN_ABOUT
  readonly made: string
  readonly program: { readonly version: string; readonly partsSha256: string }
  readonly size: Size
  readonly seed: number
  /** For the lab to fill in. */
  readonly laboratory: string | null
  readonly people: readonly string[]
  readonly purpose: string
  readonly requirements: readonly Requirement[]
  readonly scenarios: readonly {
    readonly id: string
    readonly title: string
    readonly speaksOf: readonly string[]
  }[]
  readonly notTested: readonly string[]
  readonly repeatWhen: readonly string[]
}

export async function makePlan(size: Size, seed: number): Promise<ValidationPlan> {
  return {
    about: PLAN_ABOUT,
    made: new Date().toISOString(),
    program: { version: VERSION, partsSha256: (await digestPartsAside()).sha256 },
    size,
    seed,
    laboratory: null,
    people: [],
    purpose:
      'That this installation finds, counts and says what it promises, on exhibits whose answers are known.',
    requirements: REQUIREMENTS,
    scenarios: SCENARIOS.map(({ id, title, speaksOf }) => ({ id, title, speaksOf })),
    notTested: NOT_TESTED,
    repeatWhen: REPEAT_WHEN,
  }
}

export interface ReadPlan {
  readonly plan: ValidationPlan
  readonly sha256: string
  /** When the file was last changed. */
  readonly modified: string
  /** Differences from the shipped plan, in words. */
  readonly changes: readonly string[]
}

/** @throws UsageError with the fault of the plan */
export function readPlan(file: string): ReadPlan {
  const bytes = bytesOf(file)
  const plan = parsed(bytes, file)
  return {
    plan,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    modified: statSync(file).mtime.toISOString(),
    changes: changesOf(plan),
  }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new UsageError(`The plan ${file} cannot be read: ${(error as Error).message}.`)
  }
}

function parsed(bytes: Buffer, file: string): ValidationPlan {
  const refuse = (why: string) => new UsageError(`${file} is no validation plan: ${why}.`)
  let plan: Partial<ValidationPlan>
  try {
    plan = JSON.parse(bytes.toString('utf8'))
  } catch {
    throw refuse('it is not JSON')
  }
  if (plan?.about !== PLAN_ABOUT) throw refuse(`"about" is not "${PLAN_ABOUT}"`)
  if (plan.size !== 'quick' && plan.size !== 'full') throw refuse('"size" is neither "quick" nor "full"')
  if (!Number.isSafeInteger(plan.seed) || plan.seed! < 1) throw refuse('"seed" is no positive whole number')
  if (!Array.isArray(plan.requirements) || plan.requirements.length === 0)
    throw refuse('it has no requirements')
  if (!Array.isArray(plan.scenarios) || plan.scenarios.length === 0) throw refuse('it has no scenarios')
  const strange = plan.scenarios.find((one) => !SCENARIOS.some(({ id }) => id === one?.id))
  if (strange !== undefined) throw refuse(`there is no scenario ${JSON.stringify(strange?.id)}`)
  const known = new Map(REQUIREMENTS.map((one) => [one.id, one]))
  for (const one of plan.requirements) {
    if (!known.has(one?.id)) throw refuse(`no method shows the requirement ${JSON.stringify(one?.id)}`)
    if (!isAcceptance(one.accept)) throw refuse(`the acceptance of "${one.id}" cannot be read`)
  }
  if (new Set(plan.requirements.map(({ id }) => id)).size < plan.requirements.length)
    throw refuse('a requirement stands in it twice')
  return plan as ValidationPlan
}

function isAcceptance(accept: Acceptance | undefined): boolean {
  if (accept === undefined || !Number.isSafeInteger(accept.least) || accept.least < 1) return false
  if (accept.kind === 'none-fails') return true
  return accept.kind === 'share-at-least' && accept.share > 0 && accept.share <= 1
}

function changesOf(plan: ValidationPlan): string[] {
  const planned = new Map(plan.requirements.map((one) => [one.id, one]))
  const left = SCENARIOS.filter(({ id }) => !plan.scenarios.some((one) => one.id === id))
  const changed = REQUIREMENTS.flatMap(({ id, accept }) => {
    const one = planned.get(id)
    if (one === undefined) return [`"${id}" was taken out`]
    if (JSON.stringify(one.accept) !== JSON.stringify(accept))
      return [
        `the acceptance of "${id}" is ${JSON.stringify(one.accept)}, shipped as ${JSON.stringify(accept)}`,
      ]
    return []
  })
  return [...left.map(({ id }) => `the scenario "${id}" was taken out`), ...changed]
}
