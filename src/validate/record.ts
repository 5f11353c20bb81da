/** The record of a validation: eleven parts, made from the plan and the scenarios' observations alone. */
import { arch, cpus, hostname, release, totalmem, version } from 'node:os'
import { MODELS_DIR } from '../base/version.ts'
import { modelUses } from '../classify/index.ts'
import { type Interval, wilson } from '../classify/statistics.ts'
import { textModelUses } from '../classify-text/uses.ts'
import type { ModelUse } from '../contracts/case.ts'
import { REQUIREMENT_IDS, SOLVE_IT } from '../contracts/solve-it.ts'
import { clopperPearson, shownByNoMiss } from './model/figures.ts'
import type { Observation } from './model/observation.ts'
import type { Requirement } from './model/requirements.ts'
import type { ReadPlan, ValidationPlan } from './plan.ts'

export const RECORD_ABOUT = 'seized validation record 1'

/** Results of one scenario. */
export interface ScenarioSeen {
  readonly id: string
  readonly title: string
  readonly began: string
  readonly ended: string
  readonly observations: readonly Observation[]
  readonly missing: readonly string[]
  /** Ids of the list formats in the scenario's ledgers. */
  readonly listFormats: readonly string[]
  /** Parts that could not be tested as planned, in words. */
  readonly deviations: readonly string[]
  readonly partsSha256: string
  /** Reason why it did not run to its end. */
  readonly broke: string | null
  readonly log: string
}

export interface Result {
  readonly requirement: Requirement
  readonly n: number
  readonly failures: number
  readonly verdict: 'pass' | 'fail' | 'not shown'
  /** Interval of the share of passed checks. */
  readonly accepted: Interval | null
  readonly shown: Interval | null
  /** One-sided 95 %, where no check failed. */
  readonly atLeast: number | null
  readonly observations: readonly (Observation & { readonly scenario: string })[]
  /** Techniques and weaknesses of SOLVE-IT (`DFT-…`, `DFW-…`). Absent in records of earlier builds. */
  readonly solveIt?: readonly string[]
}

export interface ValidationRecord {
  readonly about: typeof RECORD_ABOUT
  readonly laboratory: string | null
  readonly people: readonly string[]
  readonly began: string
  readonly ended: string
  readonly program: ValidationPlan['program'] & {
    readonly node: string
    /** With the thresholds in force. */
    readonly models: readonly ModelUse[]
    /** Ids of the list formats that a scenario read. */
    readonly listFormats: readonly string[]
    readonly planned: ValidationPlan['program']
  }
  readonly machine: Readonly<Record<string, string>>
  readonly plan: {
    readonly sha256: string
    readonly modified: string
    readonly made: string
    readonly size: string
    readonly seed: number
  }
  /** State of SOLVE-IT from which the ids of the results were taken. Absent in records of earlier builds. */
  readonly solveIt?: typeof SOLVE_IT
  readonly results: readonly Result[]
  readonly scenarios: readonly Omit<ScenarioSeen, 'observations' | 'listFormats'>[]
  readonly deviations: readonly string[]
  readonly limits: readonly string[]
  readonly repeatWhen: readonly string[]
  readonly fit: boolean
  readonly statement: string
}

/** Number of the record in reports: the day of the run's end and the first digits of the digest of record.json. */
export function numberOf({ ended }: Pick<ValidationRecord, 'ended'>, sha256: string): string {
  return `V-${ended.slice(0, 10)}-${sha256.slice(0, 12)}`
}

export function makeRecord(
  read: ReadPlan,
  program: ValidationPlan['program'],
  seen: readonly ScenarioSeen[],
): ValidationRecord {
  const { plan } = read
  const results = plan.requirements.map((requirement) => resultOf(requirement, seen))
  const passed = results.filter(({ verdict }) => verdict === 'pass').length
  const fit = passed === results.length
  return {
    about: RECORD_ABOUT,
    laboratory: plan.laboratory,
    people: plan.people,
    began: seen[0]?.began ?? plan.made,
    ended: seen.at(-1)?.ended ?? plan.made,
    program: {
      ...program,
      node: process.version,
      models: [...modelUses(MODELS_DIR), ...textModelUses(MODELS_DIR)],
      listFormats: [...new Set(seen.flatMap((one) => one.listFormats))].sort(),
      planned: plan.program,
    },
    machine: {
      host: hostname(),
      system: `${version()} ${release()}`,
      architecture: arch(),
      processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
      memory: `${Math.round(totalmem() / 2 ** 20)} MiB`,
    },
    plan: { sha256: read.sha256, modified: read.modified, made: plan.made, size: plan.size, seed: plan.seed },
    solveIt: SOLVE_IT,
    results,
    scenarios: seen.map(({ observations: _, listFormats: __, ...rest }) => rest),
    deviations: deviationsOf(read, program, seen),
    limits: plan.notTested,
    repeatWhen: plan.repeatWhen,
    fit,
    statement: fit
      ? `All ${results.length} requirements of the plan were met on the machine of part 3, with the parts of part 2. This says nothing beyond the limits of part 9.`
      : `${results.length - passed} of ${results.length} requirements of the plan were not met or not shown. Until that is explained, this installation is not validated by this record.`,
  }
}

function resultOf(requirement: Requirement, seen: readonly ScenarioSeen[]): Result {
  const observations = seen.flatMap(({ id, observations }) =>
    observations.filter((one) => one.requirement === requirement.id).map((one) => ({ ...one, scenario: id })),
  )
  const n = observations.reduce((sum, one) => sum + one.n, 0)
  const failures = observations.reduce((sum, one) => sum + one.failures, 0)
  const accepted = n > 0 ? clopperPearson(n - failures, n) : null
  const { accept } = requirement
  const isEnough = n >= accept.least
  const holds =
    accept.kind === 'none-fails' ? failures === 0 : accepted !== null && accepted.low >= accept.share
  return {
    requirement,
    n,
    failures,
    // A failure is a failure however few checks were made.
    verdict:
      !holds && n > 0 && (failures > 0 || isEnough) ? 'fail' : isEnough && holds ? 'pass' : 'not shown',
    accepted,
    shown: wilson(n - failures, n),
    atLeast: n > 0 && failures === 0 ? shownByNoMiss(n) : null,
    observations,
    solveIt: solveItOf(requirement.id),
  }
}

function solveItOf(id: string): string[] {
  const ids = REQUIREMENT_IDS[id]
  return ids === undefined ? [] : [...ids.techniques, ...ids.weaknesses]
}

function deviationsOf(
  { plan, sha256, changes }: ReadPlan,
  program: ValidationPlan['program'],
  seen: readonly ScenarioSeen[],
): string[] {
  const stale = plan.program.partsSha256 !== program.partsSha256
  return [
    ...changes.map((change) => `The plan differs from what is shipped: ${change}.`),
    ...(stale
      ? [
          `The plan was made for version ${plan.program.version} with parts ${plan.program.partsSha256}; the run used ${program.version} with ${program.partsSha256}.`,
        ]
      : []),
    ...seen.flatMap(({ id, missing }) =>
      missing.map((tool) => `${tool} is not installed: the scenario "${id}" was not compared with it.`),
    ),
    ...seen.flatMap(({ id, deviations }) => deviations.map((one) => `In the scenario "${id}", ${one}.`)),
    ...seen.flatMap(({ id, broke }) => (broke === null ? [] : [`The scenario "${id}" broke off: ${broke}`])),
    ...(plan.laboratory === null ? [`The plan ${sha256.slice(0, 16)}… names no laboratory.`] : []),
    ...(plan.people.length === 0 ? ['The plan names nobody who is responsible.'] : []),
  ]
}
