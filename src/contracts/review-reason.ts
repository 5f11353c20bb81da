/** Reasons for a review of a content: one code per rule (score/rules.ts), with the values that the rule used. */
import type { CodedOf, CodeTable } from './coded.ts'

const LIST = { list: 'text', edition: 'text?', category: 'text?', label: 'text?' } as const

/** Contents of a list that records on the exhibit name, and how many of them are on the exhibit. */
const NAMED = { ...LIST, digests: 'number', found: 'number' } as const

/** Data in unallocated space with a header hash of a listed content. The whole content agrees, or its first 64 KiB. */
const BEGINNING = { list: 'text', agreement: 'text' } as const

/** The lead that a rule uses: its classifier, its score and its threshold. */
const LEAD = { classifier: 'text', scorePer10k: 'number', thresholdPer10k: 'number' } as const

/** A lead whose label states its subject. */
const LABELLED = { ...LEAD, label: 'text' } as const

/** The second lead of a rule that uses two leads. */
const MINOR = { minorClassifier: 'text', minorScorePer10k: 'number', minorThresholdPer10k: 'number' } as const

/** Agency terms by location (name, folder, text), and the score of the agency's path model. */
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

/** What a content shares with one that is listed, and how many listed ones share its folder or camera. */
const SERIES = {
  folder: 'flag',
  camera: 'flag',
  time: 'flag',
  place: 'flag',
  copy: 'flag',
  listed: 'number',
} as const

/**
 * Number of records on the device about offering the content to others (`shared`) or sending it to a person (`sent`).
 */
const GIVEN_ON = { shared: 'number?', sent: 'number?' } as const

export const REVIEW_REASONS = {
  'hit-illegal-and-given-on': { ...LIST, ...GIVEN_ON },
  'explicit-and-given-on': { ...LEAD, ...GIVEN_ON },
  'hit-illegal': { ...LIST, weak: 'flag' },
  'explicit-and-apparent-minor': { ...LEAD, ...MINOR },
  'agency-alert': LABELLED,
  'digest-conflict': LIST,
  'near-illegal': { ...LIST, distanceBits: 'number', isVideo: 'flag?', hasher: 'text?' },
  'reference-illegal': NAMED,
  'beginning-illegal': BEGINNING,
  'possible-first-generation': CAMERA,
  'possibly-explicit-and-apparent-minor': { ...LEAD, ...MINOR },
  'of-listed-series': SERIES,
  'faintly-explicit-and-apparent-minor': { ...LEAD, ...MINOR },
  explicit: LEAD,
  'grooming-signs': LEAD,
  'hit-interest': LIST,
  'near-interest': { ...LIST, distanceBits: 'number', isVideo: 'flag?', hasher: 'text?' },
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
  'of-program': { ...LABELLED, place: 'text' },
  'close-up-of-hand': { ...LABELLED, handPer10k: 'number' },
  'face-in-doubt': { ...LABELLED, facePer10k: 'number' },
  'face-covered': { ...LABELLED, lessRedPer10k: 'number' },
  'no-person-found': { ...LABELLED, personPer10k: 'number', atFacePer10k: 'number?' },
} as const satisfies CodeTable

export type ReviewReasonCode = keyof typeof REVIEW_REASONS

export type ReviewReason<C extends ReviewReasonCode = ReviewReasonCode> = CodedOf<typeof REVIEW_REASONS, C>
