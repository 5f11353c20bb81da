/** Extracts covers and attached files from sounds and videos: one row for each way of storing them. */

import type { ByteSource } from '../../bytes/byte-source.ts'
import { topBoxes } from '../../signatures/embedded/box-walk.ts'
import { BOXED } from '../../signatures/embedded/ends.ts'
import { id3Place } from '../../signatures/embedded/id3-place.ts'
import { walked } from '../../signatures/embedded/walk.ts'
import { identify } from '../../signatures/index.ts'
import type { Budget, Member } from '../common/container.ts'
import { apePictures, asfPictures } from './ape-asf.ts'
import { attachments } from './attachments.ts'
import { embeddedBytes, embeddedPart, endingOf } from './embedded.ts'
import { flacPictures, oggPictures } from './flac.ts'
import { id3Pictures } from './id3.ts'

type Pictures = (source: ByteSource) => Iterable<Buffer>

const TAGGED = ['audio/mpeg', 'audio/aac', 'audio/ape', 'audio/wavpack', 'audio/x-musepack']
const OGG = ['audio/ogg', 'video/ogg', 'application/ogg']
const ASF = ['audio/x-ms-asf', 'video/x-ms-asf', 'video/x-ms-wmv']
const MATROSKA = new Set(['video/matroska', 'video/x-matroska', 'video/webm', 'audio/x-matroska'])

const WAYS: readonly (readonly [types: readonly string[], pictures: Pictures])[] = [
  [
    TAGGED,
    function* (source) {
      yield* id3Pictures(source, 0)
      yield* apePictures(source)
    },
  ],
  [
    ['audio/flac'],
    function* (source) {
      yield* id3Pictures(source, 0)
      yield* flacPictures(source)
    },
  ],
  [OGG, oggPictures],
  [ASF, asfPictures],
  [[...BOXED], boxedPictures],
]

const PICTURES: ReadonlyMap<string, Pictures> = new Map(
  WAYS.flatMap(([types, pictures]) => types.map((type) => [type, pictures] as const)),
)

export function covers(
  mediaType: string,
): ((source: ByteSource, budget: Budget) => AsyncIterable<Member>) | null {
  if (MATROSKA.has(mediaType)) return attached
  const pictures = PICTURES.get(mediaType) ?? placedPictures(mediaType)
  return pictures && ((source, budget) => named(pictures(source), budget))
}

/** The ID3 tag is in a chunk, or at an offset that the header states. */
function placedPictures(mediaType: string): Pictures | null {
  if (id3Place(mediaType, 0) === null) return null
  return function* (source) {
    const { at } = walked(id3Place(mediaType, source.sizeBytes)!, (from, least) => source.read(from, least))
    if (at !== null) yield* id3Pictures(source, at)
  }
}

/** Type and locale precede the picture. */
const DATA_HEAD_BYTES = 8
const MOST_BYTES = 64 << 20

function* boxedPictures(source: ByteSource): Generator<Buffer> {
  const { covers } = walked(topBoxes(0), (from, least) => source.read(from, Math.max(least, 4096)))
  for (const { bodyAt, end } of covers) {
    const from = bodyAt + DATA_HEAD_BYTES
    yield source.read(from, Math.max(0, Math.min(end, source.sizeBytes, from + MOST_BYTES) - from))
  }
}

/** Shorter data is not a picture: the field contains a URL, or nothing. */
const LEAST_BYTES = 16

async function* named(pictures: Iterable<Buffer>, budget: Budget): AsyncGenerator<Member> {
  let number = 0
  for (const picture of pictures) {
    if (picture.length < LEAST_BYTES) continue
    budget.entry()
    const { mediaType } = identify(picture, picture.length)
    yield embeddedBytes(`cover-${++number}.${endingOf(mediaType)}`, picture, budget)
  }
}

async function* attached(source: ByteSource, budget: Budget): AsyncGenerator<Member> {
  let number = 0
  for (const { name, from, to } of attachments(source)) {
    budget.entry()
    number++
    yield embeddedPart(name ?? `attachment-${number}`, source, { from, to }, budget)
  }
}
