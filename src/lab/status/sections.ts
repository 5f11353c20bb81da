/** The order of a laboratory's exhibits: first those that need a person, last those examined long ago. */
import type { ExhibitStatus, LabStatus } from '../queue/status.ts'

export const SECTIONS = ['needs-person', 'at-work', 'waiting', 'today', 'before'] as const
export type Section = (typeof SECTIONS)[number]

export type Sections = Readonly<Record<Section, readonly ExhibitStatus[]>>

/** Each exhibit in one section, in the order of the queue; those examined or cancelled with the newest first. */
export function sectionsOf({ exhibits, utc }: Pick<LabStatus, 'exhibits' | 'utc'>): Sections {
  const in_ = (section: Section) => exhibits.filter((one) => sectionOf(one, utc) === section)
  const newest = (all: readonly ExhibitStatus[]) =>
    all.toSorted((one, other) => (other.ended ?? '').localeCompare(one.ended ?? ''))
  return {
    'needs-person': in_('needs-person'),
    'at-work': in_('at-work'),
    waiting: in_('waiting'),
    today: newest(in_('today')),
    before: newest(in_('before')),
  }
}

function sectionOf(one: ExhibitStatus, utc: string): Section {
  if (one.superseded.some(({ same }) => !same)) return 'needs-person'
  switch (one.state) {
    case 'needs-person':
    case 'failed':
      return 'needs-person'
    case 'claimed':
      return 'at-work'
    case 'waiting':
      return 'waiting'
    default:
      return one.ended?.slice(0, 10) === utc.slice(0, 10) ? 'today' : 'before'
  }
}
