/** Exhibits and views of a case that were assigned to persons, from the log of the case. The newest event of a person stands. */
import * as v from 'valibot'
import type { CustodyEvent } from '../../contracts/custody.ts'
import type { ViewAsked } from '../../review/said.ts'

export interface AssignedView {
  readonly name: string
  /** As the page of the review asks for it, as JSON. */
  readonly view: string
}

export interface Assignment {
  readonly exhibits: readonly string[]
  readonly views: readonly AssignedView[]
}

const ASSIGNMENT = v.object({
  exhibits: v.array(v.string()),
  views: v.array(v.object({ name: v.string(), view: v.string() })),
})

/** The detail of the event. */
export function assignedDetail(person: string, { exhibits, views }: Assignment): Record<string, string> {
  return { person, assigned: JSON.stringify({ exhibits, views }) }
}

export class Assignments {
  readonly #of = new Map<string, Assignment>()

  take({ event, detail }: CustodyEvent): void {
    if (event !== 'work-assigned' || detail.person === undefined || detail.assigned === undefined) return
    const read = v.safeParse(ASSIGNMENT, JSON.parse(detail.assigned))
    if (!read.success) return
    const { exhibits, views } = read.output
    if (exhibits.length + views.length === 0) this.#of.delete(detail.person)
    else this.#of.set(detail.person, read.output)
  }

  /** By person. */
  get all(): ReadonlyMap<string, Assignment> {
    return this.#of
  }
}

export function assignmentsOf(events: readonly CustodyEvent[]): ReadonlyMap<string, Assignment> {
  const assignments = new Assignments()
  for (const event of events) assignments.take(event)
  return assignments.all
}

/** What a saved view asks for; an order or a stack of it is of no use to an assignment. */
export function askedBy({ view }: AssignedView): ViewAsked {
  const { queue = 'all', query = '', around = null } = JSON.parse(view) as Partial<ViewAsked>
  return { order: 'priority', queue, query, stacked: false, around, below: null }
}
