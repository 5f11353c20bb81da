/** Words of the pages and lines of a laboratory, one row each. */
import { formatCount } from '../../report/texts/format.ts'
import type { Section } from './sections.ts'

export const LAB_WORDS = {
  title: 'Laboratory',
  written: 'written',
  hosts: 'Hosts',
  host: 'host',
  exhibit: 'exhibit',
  case: 'case',
  priority: 'priority',
  state: 'state',
  at: 'at',
  result: 'result',
  counted: (done: number, all: number) => `${done} of ${all} examined`,
  free: 'free',
  heard: 'heard from',
  ago: (seconds: number) => `${seconds} s ago`,
  held: 'held',
  drained: 'drained',
  silent: 'silent',
  earlier: (n: number, host: string, state: string, code: string | null) =>
    `attempt ${n} on ${host}: ${state}${code === null || code === state ? '' : ` (${code})`}`,
  soFar: (hits: number, leads: number) => `so far ${hits} contents with hits, ${leads} with leads`,
  superseded: (host: string, same: boolean) =>
    same
      ? `a later result of ${host} was kept beside this one; it agrees`
      : `ALARM: a later result of ${host} has another evidence digest; compare both ledgers`,
  aside: (id: string, host: string, why: string) =>
    `ALARM: ${host} brought a result that was not booked (${why}); look at it, then: seized lab settle ${id} --reason …`,
  takenBack: (fence: string, utc: string, why: string) =>
    `the result of attempt ${fence} was taken back on ${utc}: ${why}`,
  shared: (contents: number) =>
    contents === 1
      ? 'one content with a finding was seen on another exhibit too (lab links)'
      : `${contents} contents with a finding were seen on other exhibits too (lab links)`,
  misfit: (host: string, why: string) => `${host} cannot take it: ${why}`,
  archived: (utc: string) => `archived on ${utc}`,
  hidden: (exhibits: number) =>
    `${formatCount(exhibits)} examined before today: seized lab status --all, --case CASE or --state STATE`,
  before: (exhibits: number) => `${formatCount(exhibits)} examined before today, by pages`,
  first: 'what is under way',
  attempts: 'attempts',
  caution: 'Counts say how much a person has to look at, never what an exhibit shows.',
} as const

export const SECTION_WORDS: Readonly<Record<Section, string>> = {
  'needs-person': 'Needs a person',
  'at-work': 'Being examined',
  waiting: 'Waiting',
  today: 'Examined today',
  before: 'Examined before today',
}

export const EXHIBIT_WORDS: Readonly<Record<string, string>> = {
  waiting: 'waiting',
  claimed: 'being examined',
  finished: 'examined',
  'needs-person': 'needs a person',
  failed: 'failed twice',
  cancelled: 'cancelled',
}
