/**
 * The rules of review priority: one row a rule, strongest first, each with its reason in plain words.
 *
 * A rule returns its reason when it applies and null when it does not. Nothing here lowers a priority, assigns a
 * category or says what a picture shows; hits on known lists and attributes alone are never a reason to look.
 */
import { THRESHOLDS } from '../classify/thresholds.ts'
import type { DigestConflict, Hit, Lead, NearMatch, Priority } from '../contracts/finding.ts'
import type { Meaning } from '../contracts/hash-set.ts'
import { AGENCY_PATHS, AGENCY_TERMS, isOfWords, TERM_PLACES, type TermPlace } from '../terms/agency-scores.ts'
import { FIRST_GENERATION } from './first-generation.ts'
import { placeOf } from './place.ts'
import type { RankInput } from './rank-input.ts'

export interface Rule {
  readonly id: string
  readonly priority: Priority
  /** @returns one sentence for a person who has not seen the program, or null when the rule does not apply */
  readonly reason: (input: RankInput) => string | null
}

/** Labels that a classifier, ours or an agency's, can give its output to be read by the rules below. */
export const RULED_LABELS = ['explicit', 'apparent-minor', 'agency-alert'] as const

export const RULES: readonly Rule[] = [
  {
    id: 'hit-illegal',
    priority: 1,
    reason: ({ hits }) => {
      const illegal = withMeaning(hits, 'illegal')
      return illegal.length === 0
        ? null
        : `Its digest is on ${lists(illegal)}, declared a list of illegal material${
            illegal.every((h) => h.weak) ? '; only MD5 or only SHA-1 could be compared' : ''
          }.`
    },
  },
  {
    id: 'explicit-and-apparent-minor',
    priority: 1,
    reason: ({ leads }) => joint(leads, isLikelyExplicit),
  },
  {
    id: 'agency-alert',
    priority: 1,
    reason: ({ leads }) => {
      const lead = strongest(leads, (l) => l.label === 'agency-alert')
      return lead && `A model that the agency added marks it (${scoreWords(lead)}).`
    },
  },
  {
    id: 'digest-conflict',
    priority: 2,
    reason: ({ conflicts }) =>
      conflicts.length === 0
        ? null
        : `One digest of a record on ${lists(conflicts)} agrees with it and another does not: the record is faulty, or two files were made to share a digest.`,
  },
  {
    id: 'near-illegal',
    priority: 2,
    reason: ({ near }) => {
      const illegal = withMeaning(near, 'illegal')
      return illegal.length === 0
        ? null
        : `It looks like a picture on ${lists(illegal)}, declared a list of illegal material (nearest ${nearest(illegal)} of 256 bits apart); a person must compare them.`
    },
  },
  {
    id: 'possible-first-generation',
    priority: 2,
    reason: ({ leads, attributes }) => {
      // Another look is needed that led somewhere, and more than a child's face: every family picture fits a camera here.
      return leads.every((lead) => isApparentMinor(lead) || isAgencyWords(lead))
        ? null
        : mayBeFirstGeneration(attributes)
    },
  },
  {
    id: 'possibly-explicit-and-apparent-minor',
    priority: 2,
    reason: ({ leads }) => (joint(leads, isLikelyExplicit) ? null : joint(leads, isExplicit)),
  },
  {
    id: 'explicit',
    priority: 3,
    reason: ({ leads }) => {
      const lead = strongest(leads, isLikelyExplicit)
      return lead && `Models find it sexually explicit (${scoreWords(lead)}).`
    },
  },
  {
    id: 'grooming-signs',
    priority: 3,
    reason: ({ leads }) => {
      const lead = strongest(leads, (l) => l.classifier === 'grooming')
      return lead && `Its text shows signs of grooming taken together (${scoreWords(lead)}).`
    },
  },
  {
    id: 'hit-interest',
    priority: 4,
    reason: ({ hits }) => {
      const interest = withMeaning(hits, 'interest')
      return interest.length === 0 ? null : `Its digest is on ${lists(interest)}, of interest.`
    },
  },
  {
    id: 'near-interest',
    priority: 4,
    reason: ({ near }) => {
      const interest = withMeaning(near, 'interest')
      return interest.length === 0
        ? null
        : `It looks like a picture on ${lists(interest)}, of interest (nearest ${nearest(interest)} of 256 bits apart); a person must compare them.`
    },
  },
  {
    id: 'possibly-explicit',
    priority: 4,
    reason: ({ leads }) => {
      if (leads.some(isLikelyExplicit)) return null
      const lead = strongest(leads, isExplicit)
      return lead && `Models find it possibly sexually explicit (${scoreWords(lead)}).`
    },
  },
  {
    id: 'apparent-minor-of-first-generation',
    priority: 4,
    reason: ({ leads, attributes }) =>
      leads.some(isApparentMinor) && leads.every((lead) => isApparentMinor(lead) || isAgencyWords(lead))
        ? mayBeFirstGeneration(attributes)
        : null,
  },
  {
    id: 'apparent-minor-in-place',
    priority: 4,
    reason: ({ leads, path }) => {
      const place = placeOf(path)
      const lead = strongest(leads, isApparentMinor)
      return lead && place ? `It shows an apparent minor (${scoreWords(lead)}) and lies in ${place}.` : null
    },
  },
  {
    id: 'apparent-minor-and-text-signs',
    priority: 4,
    reason: ({ leads, signals }) => {
      const lead = strongest(leads, isApparentMinor)
      return lead && signals.length > 0
        ? `It shows an apparent minor (${scoreWords(lead)}) and its text carries ${signWords(signals.length)}.`
        : null
    },
  },
  {
    id: 'apparent-minor-and-agency-words',
    priority: 4,
    reason: ({ leads, attributes }) => {
      const lead = strongest(leads, isApparentMinor)
      const words = agencyWords(leads, attributes)
      return lead && words && `It shows an apparent minor (${scoreWords(lead)}) and ${words}.`
    },
  },
  {
    id: 'other-lead',
    priority: 4,
    reason: ({ leads }) => {
      const lead = strongest(
        leads,
        (l) =>
          l.classifier !== 'grooming' &&
          !isAgencyWords(l) &&
          !(RULED_LABELS as readonly string[]).includes(l.label),
      )
      return lead && `A model marks it (${scoreWords(lead)}).`
    },
  },
  {
    id: 'apparent-minor',
    priority: 5,
    reason: ({ leads }) => {
      const lead = strongest(leads, isApparentMinor)
      return lead && `It shows an apparent minor (${scoreWords(lead)}).`
    },
  },
  {
    id: 'text-signs',
    priority: 5,
    reason: ({ signals }) => (signals.length === 0 ? null : `Its text carries ${signWords(signals.length)}.`),
  },
  {
    // Below every picture: a name says what somebody called it, and whole folders are called alike.
    id: 'agency-words',
    priority: 5,
    reason: ({ leads, attributes }) => {
      const words = agencyWords(leads, attributes)
      return words && `${words[0]!.toUpperCase()}${words.slice(1)}.`
    },
  },
]

const IDS_SHOWN = 10
const PLACE_WORDS: Readonly<Record<TermPlace, string>> = {
  'term-in-name': 'in its name',
  'term-in-folder': 'in the name of a folder above it',
  'term-in-text': 'in its text',
}

/** `agency term ID 17 stands in its name and …`; null when no term was found and the path model does not mark it. */
function agencyWords(leads: readonly Lead[], attributes: RankInput['attributes']): string | null {
  const places = TERM_PLACES.flatMap((place) => {
    if (!leads.some((lead) => lead.classifier === AGENCY_TERMS && lead.label === place)) return []
    const ids = attributes.filter(({ name }) => name === place).map(({ value }) => value)
    const more = ids.length > IDS_SHOWN ? ` and ${ids.length - IDS_SHOWN} more` : ''
    const shown = `${ids.slice(0, IDS_SHOWN).join(', ')}${more}`
    return [
      ids.length === 1
        ? `agency term ID ${shown} stands ${PLACE_WORDS[place]}`
        : `agency terms ID ${shown} stand ${PLACE_WORDS[place]}`,
    ]
  })
  const path = strongest(leads, ({ classifier }) => classifier === AGENCY_PATHS)
  const marked = path ? [`the agency’s path model marks its name and folders (${scoreWords(path)})`] : []
  const all = [...places, ...marked]
  return all.length === 0 ? null : all.join(' and ')
}

function isAgencyWords(lead: Lead): boolean {
  return isOfWords(lead.classifier)
}

function mayBeFirstGeneration(attributes: RankInput['attributes']): string | null {
  const attribute = attributes.find(({ name }) => name === FIRST_GENERATION)
  return attribute ? `It may be first-generation material: ${attribute.value}.` : null
}

function isExplicit(lead: Lead): boolean {
  return lead.label === 'explicit'
}

/** The combined score has tiers; a model that stands alone leads at 1 % of ordinary pictures, the likely tier. */
function isLikelyExplicit(lead: Lead): boolean {
  return (
    isExplicit(lead) &&
    (lead.classifier !== 'explicitness' || lead.scorePer10k >= THRESHOLDS.explicitness.likely)
  )
}

function isApparentMinor(lead: Lead): boolean {
  return lead.label === 'apparent-minor'
}

function joint(leads: readonly Lead[], explicit: (lead: Lead) => boolean): string | null {
  const first = strongest(leads, explicit)
  const second = strongest(leads, isApparentMinor)
  if (!first || !second) return null
  const how = isLikelyExplicit(first) ? '' : 'possibly '
  return `Models find it ${how}sexually explicit (${scoreWords(first)}) and see an apparent minor in it (${scoreWords(second)}).`
}

function strongest(leads: readonly Lead[], where: (lead: Lead) => boolean): Lead | null {
  let best: Lead | null = null
  for (const lead of leads) if (where(lead) && (!best || lead.scorePer10k > best.scorePer10k)) best = lead
  return best
}

function withMeaning<T extends { readonly meaning: Meaning }>(
  findings: readonly T[],
  meaning: Meaning,
): readonly T[] {
  return findings.filter((f) => f.meaning === meaning)
}

/** `the list A (edition 3, category 1 "…")` for one, joined by `and` for several; each list once. */
function lists(findings: readonly (Hit | DigestConflict | NearMatch)[]): string {
  const words = findings.map((f) => {
    const details = [
      f.edition === null ? null : `edition ${f.edition}`,
      f.category === null
        ? null
        : `its category ${f.category}${f.categoryLabel === null ? '' : ` “${f.categoryLabel}”`}`,
    ].filter((d) => d !== null)
    return `the list ${f.hashSet}${details.length === 0 ? '' : ` (${details.join(', ')})`}`
  })
  return [...new Set(words)].sort().join(' and ')
}

function nearest(near: readonly NearMatch[]): number {
  return Math.min(...near.map((n) => n.distanceBits))
}

function scoreWords(lead: Lead): string {
  return `${lead.classifier} ${decimal(lead.scorePer10k)}, threshold ${decimal(lead.thresholdPer10k)}`
}

/** Parts per 10,000 as a decimal fraction with four digits. */
function decimal(per10k: number): string {
  return (per10k / 10_000).toFixed(4)
}

function signWords(count: number): string {
  return count === 1 ? 'one text sign' : `${count} text signs`
}
