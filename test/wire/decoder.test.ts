/** What a decoder says that cannot be: each message is refused with one field of another form, and taken without. */
import { describe, expect, it } from 'vitest'
import { digestsOf } from '../../src/hash/digest.ts'
import { ImplausibleReply } from '../../src/wire/implausible.ts'
import { lookReply } from '../../src/wire/look-reply.ts'
import { openPart } from '../../src/wire/open-part.ts'
import { recordsPart, recordsReply } from '../../src/wire/records-reply.ts'
import { revealReply } from '../../src/wire/reveal-reply.ts'
import { failedReply, readyReply } from '../../src/wire/session-reply.ts'
import { textReply } from '../../src/wire/text-reply.ts'

const DIGESTS = digestsOf(Buffer.from('tried'))
const SCORE = {
  kind: 'score',
  classifier: 'c',
  modelSha256: DIGESTS.sha256,
  label: 'l',
  scorePer10k: 9000,
  thresholdPer10k: null,
}
const ATTRIBUTE = { kind: 'attribute', code: 'dimensions', params: { width: 4, height: 3 } }
const DONE = { result: 'done' }

const MEMBER = {
  type: 'member',
  target: '',
  kind: 'member',
  name: 'a',
  entryKind: 'file',
  sizeBytes: '5',
  modified: { ns: '1', source: 'archive', resolution: 's', zone: 'utc' },
  linkTarget: null,
  read: DONE,
  digests: DIGESTS,
  mediaType: 'text/plain',
  hasAppended: false,
}
const RECORD = {
  what: { code: 'emule-known', params: { name: 'a' } },
  direction: 'shared',
  times: 3,
  when: { ns: '1', resolution: 's', zone: 'utc' },
  whenKind: null,
  moreTimes: [],
  person: 'p',
  status: 'live',
  digests: { md5: DIGESTS.md5 },
  sizeBytes: 5,
  pieces: [{ offset: 0, length: 5, sha1: DIGESTS.sha1 }],
}
const LOOK = {
  result: DONE,
  findings: [
    SCORE,
    ATTRIBUTE,
    { kind: 'perceptual-hash', algorithm: 'pdq', hex: DIGESTS.sha256, quality: 80, flavour: 'f', part: '' },
  ],
  preview: { width: 16, height: 12 },
  thumbnails: [{ name: 'exif', mediaType: 'image/jpeg', digests: DIGESTS, sizeBytes: 5 }],
}
const PLACE = { start: 0, end: 3, left: 10, top: 10, width: 40, height: 12 }
const SIGNAL = {
  kind: 'signal',
  classifier: 'c',
  rule: 'r',
  stage: null,
  quote: 'q',
  start: 0,
  end: 1,
  messageIndex: null,
}

interface Message {
  readonly take: (header: unknown) => unknown
  readonly sound: object
  /** By the path of what is changed. */
  readonly lies: Readonly<Record<string, unknown>>
}

const MESSAGES: Readonly<Record<string, Message>> = {
  'a look': {
    take: lookReply,
    sound: LOOK,
    lies: {
      result: null,
      'result.result': 'guilty',
      findings: {},
      'findings.0': null,
      'findings.0.kind': 'hit',
      'findings.0.scorePer10k': 10_001,
      'findings.0.label': 7,
      'findings.1.code': 'stated-digest-listed',
      'findings.1.params': { width: '4', height: 3 },
      'findings.2.algorithm': 'md5',
      'findings.2.hex': 'F'.repeat(64),
      preview: { width: 17, height: 1 },
      'preview.width': 0,
      'thumbnails.0.name': '../../x',
      'thumbnails.0.mediaType': 'text/html',
      'thumbnails.0.digests': null,
      'thumbnails.0.sizeBytes': -1,
      thumbnails: [LOOK.thumbnails[0], LOOK.thumbnails[0]],
    },
  },
  'a member': {
    take: openPart,
    sound: MEMBER,
    lies: {
      type: 'guilty',
      target: 7,
      kind: 'file',
      name: 'x'.repeat(70_000),
      entryKind: 'picture',
      sizeBytes: '-1',
      'modified.source': 'stat',
      'modified.zone': 'mars',
      linkTarget: 7,
      read: { result: 'not-done', reason: 'constructor', detail: null },
      'digests.md5': '../../etc/passwd',
      mediaType: 7,
      isDeleted: 1,
    },
  },
  records: {
    take: recordsPart,
    sound: { records: [RECORD] },
    lies: {
      records: Array.from({ length: 300 }, () => RECORD),
      'records.0': null,
      'records.0.what.code': 'guilty',
      'records.0.what.params': null,
      'records.0.direction': 'stolen',
      'records.0.times': 1.5,
      'records.0.when.ns': 'now',
      'records.0.whenKind': 'never',
      'records.0.moreTimes': Array.from({ length: 99 }, () => ({ kind: 'added', when: RECORD.when })),
      'records.0.person': {},
      'records.0.status': 'planted',
      'records.0.digests.md5': 'x',
      'records.0.sizeBytes': -5,
      'records.0.pieces.0.offset': 2 ** 53,
    },
  },
  'what became of records': {
    take: recordsReply,
    sound: { result: DONE, findings: [{ kind: 'attribute', code: 'database-not-closed', params: {} }] },
    lies: { result: DONE.result, findings: null, 'findings.0.code': 'original-path' },
  },
  'a text': {
    take: textReply,
    sound: { result: DONE, findings: [SIGNAL, SCORE], language: 'en', places: [PLACE], unsure: [[0, 3]] },
    lies: {
      findings: Array.from({ length: 1001 }, () => SIGNAL),
      'findings.0.start': -1,
      'findings.0.quote': null,
      'findings.0.kind': 'near',
      language: 7,
      places: Array.from({ length: 20_001 }, () => PLACE),
      'places.0.left': -1,
      'unsure.0': [0],
    },
  },
  pixels: {
    take: revealReply,
    sound: { shown: true, channels: 3, frames: [{ width: 4, height: 3 }] },
    lies: { shown: 'yes', channels: 2, frames: [], 'frames.0.width': 100_000 },
  },
  'that it is ready': {
    take: readyReply,
    sound: { rootDropped: true, probed: null },
    lies: { rootDropped: 'yes', probed: { 'rule the world': 'done' } },
  },
  'a failure': {
    take: failedReply,
    sound: { reason: 'decode-failed', detail: { code: 'no-answer', params: {} } },
    lies: { reason: 'hit', detail: 'x' },
  },
}

describe.each(Object.entries(MESSAGES))('%s', (_, { take, sound, lies }) => {
  it('is taken where it is sound', () => {
    const header = JSON.parse(JSON.stringify(sound))
    expect(() => take(header)).not.toThrow()
  })

  it.each([undefined, null, 7, 'text', [], {}])('is none that is %j', (header) => {
    expect(() => take(header)).toThrow(ImplausibleReply)
  })

  it.each(Object.keys(lies))('is refused with another %s', (at) => {
    expect(() => take(withAt(sound, at.split('.'), lies[at]))).toThrow(ImplausibleReply)
  })
})

it('text of a decoder is escaped and cut', () => {
  const { findings } = textReply({
    result: DONE,
    findings: [{ ...SIGNAL, quote: `\x1b[2J${'q'.repeat(500)}` }],
    language: null,
    places: [],
    unsure: [],
  })
  expect(findings[0]).toMatchObject({ quote: expect.stringMatching(/^\\u\{1b\}\[2Jq{1,200}…$/) })
})

function withAt(value: unknown, [key, ...rest]: readonly string[], lie: unknown): unknown {
  if (key === undefined) return lie
  const copy = structuredClone(value) as Record<string, unknown>
  copy[key] = withAt(copy[key], rest, lie)
  return copy
}

it('takes the hash of an agency’s hasher where that one was asked, in the size of its card; of no other', () => {
  const looked = (flavour: string, bytes: number) => ({
    ...LOOK,
    findings: [
      {
        kind: 'perceptual-hash',
        algorithm: 'hasher',
        hex: 'ab'.repeat(bytes),
        quality: 9,
        flavour,
        part: '',
      },
    ],
  })
  const asked = new Map([['field-hasher', 144]])
  expect(lookReply(looked('field-hasher', 144), asked).findings).toHaveLength(1)
  for (const [flavour, bytes] of [
    ['field-hasher', 143],
    ['another', 144],
  ] as const)
    expect(() => lookReply(looked(flavour, bytes), asked)).toThrow(ImplausibleReply)
  expect(() => lookReply(looked('field-hasher', 144))).toThrow(ImplausibleReply)
})
