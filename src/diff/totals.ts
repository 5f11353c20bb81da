/** Totals of both ledgers: old + gained − lost = new for each kind; otherwise the comparison itself is wrong. */

import type { Finding } from '../contracts/finding.ts'
import { type Difference, NOWHERE } from './difference.ts'
import { comparedIn } from './matches.ts'

/** Kinds that rest on lists, by their own names, then the other compared kinds. */
const SUMMED: readonly Summed[] = [
  ...comparedIn('matches').map(({ kind }) => kind),
  'lead',
  'signal',
  'record',
  'entry',
]

export type Summed = Finding['kind'] | 'lead' | 'record' | 'entry'

export interface Sides {
  readonly old: number
  readonly made: number
}

export class Totals {
  readonly #sums = new Map(SUMMED.map((kind) => [kind, { old: 0, made: 0, gained: 0, lost: 0 }]))

  count(kind: Summed, { old, made }: Sides): void {
    const sum = this.#sums.get(kind)!
    sum.old += old
    sum.made += made
  }

  /** Changed values of a finding in both ledgers change no total. */
  add({ section, what, said: { params } }: Difference): void {
    const sum = this.#sums.get(summedAs(section, params.kind))
    const count = typeof params.count === 'number' ? params.count : 1
    if (sum && GAINED.includes(what)) sum.gained += count
    if (sum && LOST.includes(what)) sum.lost += count
  }

  *said(): Iterable<Difference> {
    for (const [kind, { old, made, gained, lost }] of this.#sums) {
      if (old + gained - lost !== made)
        throw new Error(`the totals of ${kind} do not reconcile: ${old} + ${gained} - ${lost} is not ${made}`)
      const params = { kind, old, gained, lost, new: made }
      yield { ...NOWHERE, section: 'totals', what: kind, said: { code: 'diff-of-totals', params } }
    }
  }
}

const GAINED: readonly string[] = ['gained', 'crossed-up', 'only-new']
const LOST: readonly string[] = ['lost', 'crossed-down', 'only-old']

function summedAs(section: Difference['section'], kind: unknown): Summed {
  if (section === 'matches') return kind as Summed
  if (section === 'leads') return 'lead'
  if (section === 'signals') return 'signal'
  return section === 'records' ? 'record' : 'entry'
}
