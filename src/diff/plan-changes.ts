/** Differences in the plans and program versions of two runs: causes of differences in their findings. */
import type { Plan } from '../contracts/case.ts'
import type { ExaminationFacts } from '../contracts/ledger-reader.ts'
import type { Said } from '../report/court/difference-words.ts'

export interface PlanChange {
  /** `hashSets.0.sha256`, `limits.pixels`, `program.seized`. */
  readonly key: string
  readonly old: string
  readonly new: string
}

/** Stands for a value that one of the two does not state. */
export const ABSENT = 'absent'

/** Facts about the place and manner of a run, which are not part of its plan. */
const NOT_ASKED = /^(?:commandLine|clock|host|cpu|memory|startedBy)/

export function planChanges(old: ExaminationFacts, made: ExaminationFacts): readonly PlanChange[] {
  const program = (tool: ExaminationFacts['tool']) =>
    Object.fromEntries(Object.entries(tool).filter(([name]) => !NOT_ASKED.test(name)))
  const [before, after] = [
    flat({ ...old.plan, program: program(old.tool) }),
    flat({ ...made.plan, program: program(made.tool) }),
  ]
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => ({ key, old: before.get(key) ?? ABSENT, new: after.get(key) ?? ABSENT }))
}

/** Causes by the findings that they can change; null where the plans show none. */
export interface Causes {
  readonly lists: Said | null
  readonly models: (id: string, label: string) => Said | null
  readonly program: Said | null
}

export function causesOf(old: ExaminationFacts, made: ExaminationFacts): Causes {
  const lists = listsText(old.plan) === listsText(made.plan) ? null : said('cause-lists', {})
  const program =
    old.tool.seized === made.tool.seized
      ? otherSettings(old, made)
      : said('cause-program', { old: old.tool.seized, new: made.tool.seized })
  return {
    lists,
    program,
    models(id, label) {
      const of = (plan: Plan) => plan.models.find((model) => model.id === id)
      const [before, after] = [of(old.plan), of(made.plan)]
      if (!before || !after) return before === after ? program : said('cause-model-one', { model: id })
      if (before.sha256 !== after.sha256) return said('cause-model-other', { model: id })
      const [then, now] = [before.thresholds[label], after.thresholds[label]]
      return then === now ? program : said('cause-threshold', { model: id, label, old: then, new: now })
    },
  }
}

function said(code: Said['code'], params: Readonly<Record<string, string | number | undefined>>): Said {
  const known = Object.entries(params).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return { code, params: Object.fromEntries(known) }
}

/** Settings other than lists, models and the program: the differences of the plan name each of them. */
function otherSettings(old: ExaminationFacts, made: ExaminationFacts): Said | null {
  const isOther = ({ key }: PlanChange) => !/^(?:hashSets|models|rules|program)\./.test(key)
  return planChanges(old, made).some(isOther) ? said('cause-settings', {}) : null
}

function listsText({ hashSets }: Plan): string {
  return JSON.stringify(hashSets.map(({ sha256 }) => sha256).sort())
}

function flat(value: unknown, key = '', all = new Map<string, string>()): Map<string, string> {
  if (typeof value === 'object' && value !== null)
    for (const [name, one] of Object.entries(value)) flat(one, key === '' ? name : `${key}.${name}`, all)
  else all.set(key, String(value))
  return all
}
