/**
 * The rules of review priority: one row a rule, strongest first, each with its reasons as codes
 * (contracts/review-reason.ts); report/texts has their words.
 *
 * A rule gives no reason where it does not apply. No rule assigns a category or states the content of a picture. None
 * lowers a priority, except that leads without a person, of faces that are covered or in doubt, of hands and of a program’s icons come last (put-last.ts). Hits on known lists and attributes alone are never a reason to look.
 */
import type { RuleTiers } from '../contracts/case.ts'
import { type Priority, PUT_LAST } from '../contracts/finding.ts'
import type { ReviewReason, ReviewReasonCode } from '../contracts/review-reason.ts'
import { agencyWords } from './agency-words.ts'
import { handledOf } from './handled.ts'
import { beginningReasons, listReasons, nearReasons, referenceReasons } from './list-reasons.ts'
import {
  explicitBesideMinor,
  isAgencyWords,
  isApparentMinor,
  isExplicit,
  joint,
  labelled,
  leadParams,
  likelyExplicit,
  ofCamera,
  ofLead,
  ofSeries,
  strongest,
} from './of-leads.ts'
import { placeOf } from './place.ts'
import {
  coveredReasons,
  inDoubtReasons,
  ofHandReasons,
  ofProgramReasons,
  withoutPersonReasons,
} from './put-last.ts'
import type { RankInput } from './rank-input.ts'

export interface Rule {
  /** Also the code of its reasons. */
  readonly id: ReviewReasonCode
  readonly priority: Priority
  /** Version of the rules that it came with; absent: the first. */
  readonly since?: number
  readonly reasons: (input: RankInput, tiers: RuleTiers) => readonly ReviewReason[]
}

/** Labels that a classifier, ours or an agency's, can give its output to be read by the rules below. */
const RULED_LABELS = ['explicit', 'apparent-minor', 'agency-alert'] as const

export const RULES: readonly Rule[] = [
  {
    // Before a hit alone: a court asks first for shared material.
    id: 'hit-illegal-and-given-on',
    priority: 1,
    since: 3,
    reasons: ({ hits, records = [] }) => {
      const handled = handledOf(records)
      return handled === null
        ? []
        : listReasons('hit-illegal-and-given-on', hits, 'illegal').map(({ code, params }) => ({
            code,
            params: { ...params, ...handled },
          }))
    },
  },
  {
    id: 'hit-illegal',
    priority: 1,
    reasons: ({ hits }) =>
      listReasons('hit-illegal', hits, 'illegal').map(({ code, params }) => ({
        code,
        params: { ...params, weak: hits.every((hit) => hit.meaning !== 'illegal' || hit.weak) },
      })),
  },
  {
    id: 'explicit-and-apparent-minor',
    priority: 1,
    reasons: ({ leads }, tiers) => joint('explicit-and-apparent-minor', leads, likelyExplicit(tiers)),
  },
  {
    id: 'agency-alert',
    priority: 1,
    reasons: ({ leads }) => labelled('agency-alert', leads, ({ label }) => label === 'agency-alert'),
  },
  {
    id: 'digest-conflict',
    priority: 2,
    reasons: ({ conflicts }) => listReasons('digest-conflict', conflicts, null),
  },
  {
    id: 'explicit-and-given-on',
    priority: 2,
    since: 3,
    reasons: ({ leads, records = [] }, tiers) => {
      const lead = strongest(leads, likelyExplicit(tiers))
      const handled = handledOf(records)
      return lead && handled
        ? [{ code: 'explicit-and-given-on', params: { ...leadParams(lead), ...handled } }]
        : []
    },
  },
  { id: 'near-illegal', priority: 2, reasons: ({ near }) => nearReasons('near-illegal', near, 'illegal') },
  {
    id: 'reference-illegal',
    priority: 2,
    reasons: ({ references }) => referenceReasons('reference-illegal', references, 'illegal'),
  },
  { id: 'beginning-illegal', priority: 2, reasons: (of) => beginningReasons('beginning-illegal', of) },
  {
    id: 'possible-first-generation',
    priority: 2,
    // Another look is needed that led somewhere, and more than a child's face: every family picture fits a camera here.
    reasons: ({ leads, attributes }) =>
      leads.every((lead) => isApparentMinor(lead) || isAgencyWords(lead))
        ? []
        : ofCamera('possible-first-generation', attributes),
  },
  {
    id: 'possibly-explicit-and-apparent-minor',
    priority: 2,
    reasons: ({ leads }, tiers) =>
      leads.some(likelyExplicit(tiers))
        ? []
        : joint('possibly-explicit-and-apparent-minor', leads, explicitBesideMinor(tiers)),
  },
  {
    // Before a model's opinion: facts tie it to material that is known. Never to a face.
    id: 'of-listed-series',
    priority: 3,
    since: 5,
    reasons: ({ attributes }) => ofSeries(attributes),
  },
  {
    // Among neutral pictures three of five such leads are so faint.
    id: 'faintly-explicit-and-apparent-minor',
    priority: 3,
    since: 6,
    reasons: ({ leads }, tiers) =>
      leads.some(explicitBesideMinor(tiers))
        ? []
        : joint('faintly-explicit-and-apparent-minor', leads, isExplicit),
  },
  {
    id: 'explicit',
    priority: 3,
    reasons: ({ leads }, tiers) => ofLead('explicit', leads, likelyExplicit(tiers)),
  },
  {
    id: 'grooming-signs',
    priority: 3,
    reasons: ({ leads }) => ofLead('grooming-signs', leads, ({ classifier }) => classifier === 'grooming'),
  },
  {
    id: 'hit-interest',
    priority: 4,
    reasons: ({ hits }) => listReasons('hit-interest', hits, 'interest'),
  },
  { id: 'near-interest', priority: 4, reasons: ({ near }) => nearReasons('near-interest', near, 'interest') },
  {
    id: 'reference-interest',
    priority: 4,
    reasons: ({ references }) => referenceReasons('reference-interest', references, 'interest'),
  },
  { id: 'beginning-interest', priority: 4, reasons: (of) => beginningReasons('beginning-interest', of) },
  {
    id: 'possibly-explicit',
    priority: 4,
    reasons: ({ leads }, tiers) =>
      leads.some(likelyExplicit(tiers)) ? [] : ofLead('possibly-explicit', leads, isExplicit),
  },
  {
    id: 'apparent-minor-of-first-generation',
    priority: 4,
    reasons: ({ leads, attributes }) =>
      leads.some(isApparentMinor) && leads.every((lead) => isApparentMinor(lead) || isAgencyWords(lead))
        ? ofCamera('apparent-minor-of-first-generation', attributes)
        : [],
  },
  {
    id: 'apparent-minor-in-place',
    priority: 4,
    reasons: ({ leads, path }) => {
      const place = placeOf(path)
      const lead = strongest(leads, isApparentMinor)
      return lead && place
        ? [{ code: 'apparent-minor-in-place', params: { ...leadParams(lead), place } }]
        : []
    },
  },
  {
    id: 'apparent-minor-and-text-signs',
    priority: 4,
    reasons: ({ leads, signals }) => {
      const lead = strongest(leads, isApparentMinor)
      const params = lead && { ...leadParams(lead), signs: signals.length }
      return params && signals.length > 0 ? [{ code: 'apparent-minor-and-text-signs', params }] : []
    },
  },
  {
    id: 'apparent-minor-and-agency-words',
    priority: 4,
    reasons: ({ leads, attributes }) => {
      const lead = strongest(leads, isApparentMinor)
      const words = agencyWords(leads, attributes)
      return lead && words
        ? [{ code: 'apparent-minor-and-agency-words', params: { ...leadParams(lead), ...words } }]
        : []
    },
  },
  {
    id: 'other-lead',
    priority: 4,
    reasons: ({ leads }) =>
      labelled(
        'other-lead',
        leads,
        (lead) =>
          lead.classifier !== 'grooming' &&
          !isAgencyWords(lead) &&
          !(RULED_LABELS as readonly string[]).includes(lead.label),
      ),
  },
  {
    id: 'apparent-minor',
    priority: 5,
    reasons: ({ leads }) => ofLead('apparent-minor', leads, isApparentMinor),
  },
  {
    id: 'text-signs',
    priority: 5,
    reasons: ({ signals }) =>
      signals.length === 0 ? [] : [{ code: 'text-signs', params: { signs: signals.length } }],
  },
  {
    // Below every picture: a name is a person's choice, and whole folders share one.
    id: 'agency-words',
    priority: 5,
    reasons: ({ leads, attributes }) => {
      const params = agencyWords(leads, attributes)
      return params ? [{ code: 'agency-words', params }] : []
    },
  },
  // Last of all: the leads that none of the rules above were given.
  { id: 'of-program', priority: PUT_LAST, since: 6, reasons: ofProgramReasons },
  { id: 'face-covered', priority: PUT_LAST, since: 7, reasons: coveredReasons },
  { id: 'face-in-doubt', priority: PUT_LAST, since: 9, reasons: inDoubtReasons },
  { id: 'close-up-of-hand', priority: PUT_LAST, since: 8, reasons: ofHandReasons },
  { id: 'no-person-found', priority: PUT_LAST, since: 6, reasons: withoutPersonReasons },
]
