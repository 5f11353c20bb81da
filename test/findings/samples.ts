/** One finding of each kind, and a record of the device, made up. */
import { attribute } from '../../src/contracts/attribute.ts'
import type { Finding, FindingOf } from '../../src/contracts/finding.ts'
import type { Sign } from '../../src/contracts/record.ts'
import { NO_RECORD_FACTS } from '../../src/contracts/record-time.ts'

const LIST = {
  hashSet: 'national',
  hashSetSha256: '11'.repeat(32),
  edition: '2026-1',
  category: '1',
  scale: 'vics-us',
  categoryLabel: 'label',
  meaning: 'illegal',
} as const

/** One of each kind, and a word by which a search finds it. A kind that is missing does not compile. */
export const SAMPLES: {
  readonly [K in Finding['kind']]: { readonly finding: FindingOf<K>; readonly word: string }
} = {
  hit: { finding: { kind: 'hit', ...LIST, algorithms: ['md5', 'sha1'], weak: false }, word: 'hit:national' },
  conflict: {
    finding: { kind: 'conflict', ...LIST, agreeing: ['md5'], differing: ['sha1'] },
    word: 'hit:national',
  },
  near: {
    finding: {
      kind: 'near',
      ...LIST,
      algorithm: 'pdq',
      distanceBits: 9,
      quality: 90,
      band: 'near-exact',
      orientation: 'original',
      video: {
        id: 'clip 7',
        ours: { found: 5, of: 6 },
        listed: { found: 5, of: 40 },
        frames: 31,
        videos: 1,
      },
    },
    word: 'hit:national',
  },
  reference: {
    finding: {
      kind: 'reference',
      ...LIST,
      record: { code: 'catalogue-row', params: { index: 3 } },
      direction: 'shared',
      times: 7,
      when: { ns: 1_700_000_000_000_000_001n, source: 'document', resolution: 'ns', zone: 'utc' },
      algorithm: 'sha1',
      digest: 'ab'.repeat(20),
      found: false,
      whenKind: 'modified',
      moreTimes: [
        {
          kind: 'last-shared',
          when: { ns: 1_700_000_100_000_000_000n, source: 'document', resolution: 's', zone: 'utc' },
        },
        {
          kind: 'created',
          when: { ns: -1n, source: 'document', resolution: 'ns', zone: 'local-unknown' },
        },
      ],
      digests: { sha1: 'ab'.repeat(20), ed2k: 'cd'.repeat(16) },
    },
    word: 'catalogue',
  },
  score: {
    finding: {
      kind: 'score',
      classifier: 'explicitness',
      modelSha256: '22'.repeat(32),
      label: 'explicit',
      scorePer10k: 6000,
      thresholdPer10k: 2500,
    },
    word: 'lead:explicit',
  },
  signal: {
    finding: {
      kind: 'signal',
      classifier: 'grooming',
      rule: 'asks-age',
      stage: 'risk',
      quote: 'how old',
      start: 1,
      end: 8,
      messageIndex: 2,
      details: { page: 1 },
    },
    word: 'signal:asks-age',
  },
  attribute: { finding: attribute('camera-model', { text: 'EO-1' }), word: 'attr:EO-1' },
  'perceptual-hash': {
    finding: {
      kind: 'perceptual-hash',
      algorithm: 'pdq',
      hex: 'cd'.repeat(32),
      quality: 90,
      flavour: 'full',
      part: 'original',
    },
    word: 'cdcd',
  },
}

/** A file's beginning in free space that a list holds: an attribute that makes a content one that reports show. */
export const LISTED_BEGINNING = attribute('listed-beginning', {
  list: 'national',
  meaning: 'illegal',
  md5: 'ef'.repeat(16),
  bytes: 512,
  agreement: 'first 512 bytes',
})

export function message(characters: number): Sign {
  return {
    what: { code: 'message', params: { program: 'sms', characters } },
    when: null,
    person: 'A. Example',
    direction: 'sent',
    status: 'live',
    isPrivate: false,
    ofSha256: null,
    ...NO_RECORD_FACTS,
  }
}
