/** Why a content asks for review: one code a rule (score/rules.ts), with what the rule saw. */
import type { CodedOf, CodeTable } from './coded.ts'

const LIST = { list: 'text', edition: 'text?', category: 'text?', label: 'text?' } as const

/** Contents of a list that records here name, and how many of them were found here too. */
const NAMED = { ...LIST, digests: 'number', found: 'number' } as const

/** What lies in free space and begins as a content of a list does: all of it, or its first 64 KiB. */
const BEGINNING = { list: 'text', agreement: 'text' } as const

/** The lead that a rule rests on: whose it is, and how far above its threshold. */
const LEAD = { classifier: 'text', scorePer10k: 'number', thresholdPer10k: 'number' } as const

/** Where the label says what it is about. */
const LABELLED = { ...LEAD, label: 'text' } as const

/** The second lead of a rule that rests on two. */
const MINOR = { minorClassifier: 'text', minorScorePer10k: 'number', minorThresholdPer10k: 'number' } as const

/** Agency terms by place, and the score of the agency's path model. */
const WORDS = {
  inName: 'texts',
  inFolder: 'texts',
  inText: 'texts',
  pathScorePer10k: 'number?',
  pathThresholdPer10k: 'number?',
} as const

const CAMERA = {
  sign: 'text',
  make: 'text?',
  model: 'text?',
  serial: 'text?',
  software: 'text?',
  others: 'number',
  inCameraFolder: 'number',
  sameSoftware: 'number',
  listed: 'number',
} as const

/** Records on the device that say a content was offered to others, or sent to one. */
const GIVEN_ON = { shared: 'number?', sent: 'number?' } as const

export const REVIEW_REASONS = {
  'hit-illegal-and-given-on': { ...LIST, ...GIVEN_ON },
  'explicit-and-given-on': { ...LEAD, ...GIVEN_ON },
  'hit-illegal': { ...LIST, weak: 'flag' },
  'explicit-and-apparent-minor': { ...LEAD, ...MINOR },
  'agency-alert': LABELLED,
  'digest-conflict': LIST,
  'near-illegal': { ...LIST, distanceBits: 'number', isVideo: 'flag?' },
  'reference-illegal': NAMED,
  'beginning-illegal': BEGINNING,
  'possible-first-generation': CAMERA,
  'possibly-explicit-and-apparent-minor': { ...LEAD, ...MINOR },
  explicit: LEAD,
  'grooming-signs': LEAD,
  'hit-interest': LIST,
  'near-interest': { ...LIST, distanceBits: 'number', isVideo: 'flag?' },
  'reference-interest': NAMED,
  'beginning-interest': BEGINNING,
  'possibly-explicit': LEAD,
  'apparent-minor-of-first-generation': CAMERA,
  'apparent-minor-in-place': { ...LEAD, place: 'text' },
  'apparent-minor-and-text-signs': { ...LEAD, signs: 'number' },
  'apparent-minor-and-agency-words': { ...LEAD, ...WORDS },
  'other-lead': LABELLED,
  'apparent-minor': LEAD,
  'text-signs': { signs: 'number' },
  'agency-words': WORDS,
} as const satisfies CodeTable

export type ReviewReasonCode = keyof typeof REVIEW_REASONS

export type ReviewReason<C extends ReviewReasonCode = ReviewReasonCode> = CodedOf<typeof REVIEW_REASONS, C>
