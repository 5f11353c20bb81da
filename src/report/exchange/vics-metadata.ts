/**
 * `MediaMetadata` of VICS 2.0: metadata of the file under the names of EXIF, then findings of lists, models, rules and
 * device records under names of our own (`seized:hit` …). Quoted text stays in the ledger.
 */
import { exifDate } from '../../base/exif-date.ts'
import type { Attribute, AttributeCode } from '../../contracts/attribute.ts'
import type { HasherMatch } from '../../contracts/finding.ts'
import type { EntryView } from '../../contracts/view.ts'
import { fromPer10k, isoTime } from '../model/values.ts'
import { isShown } from '../texts/index.ts'

export type Property = readonly [name: string, value: string]

/** Tags of EXIF 2.32 and TIFF 6.0; `GPSPosition` as ExifTool names latitude and longitude together. */
const EXIF: Partial<Record<AttributeCode, string>> = {
  'camera-make': 'Make',
  'camera-model': 'Model',
  'camera-serial': 'BodySerialNumber',
  'lens-serial': 'LensSerialNumber',
  software: 'Software',
  'capture-time': 'DateTimeOriginal',
  'capture-time-offset': 'OffsetTimeOriginal',
  'image-unique-id': 'ImageUniqueID',
  byline: 'Artist',
  'gps-position': 'GPSPosition',
}

export function* metadataOf(view: EntryView): Iterable<Property> {
  const { hits, conflicts, near, references, signals, leads, records } = view
  for (const one of view.attributes) if (isShown(one)) yield attributeProperty(one)
  for (const { hashSet, edition, scale, category, meaning, algorithms, weak } of hits)
    yield [
      'seized:hit',
      fields({
        list: hashSet,
        edition,
        scale,
        category,
        meaning,
        by: algorithms.join('+'),
        weak: weak ? 'yes' : null,
      }),
    ]
  for (const { hashSet, edition, agreeing, differing } of conflicts)
    yield [
      'seized:conflict',
      fields({ list: hashSet, edition, agreeing: agreeing.join('+'), differing: differing.join('+') }),
    ]
  for (const { hashSet, edition, algorithm, distanceBits, video, hasher } of near)
    yield [
      'seized:near',
      fields({
        list: hashSet,
        edition,
        algorithm,
        ...(hasher ? hasherFields(hasher) : { distanceBits: String(distanceBits) }),
        ...(video && {
          video: video.id,
          secondsFound: `${video.ours.found}/${video.ours.of}`,
          listedSecondsFound: `${video.listed.found}/${video.listed.of}`,
          distinctFrames: String(video.frames),
        }),
      }),
    ]
  for (const { hashSet, edition, algorithm, digest } of references)
    yield ['seized:reference', fields({ list: hashSet, edition, [algorithm]: digest })]
  for (const { classifier, label, scorePer10k, thresholdPer10k } of leads)
    yield [
      'seized:lead',
      fields({
        model: classifier,
        label,
        score: String(fromPer10k(scorePer10k)),
        threshold: String(fromPer10k(thresholdPer10k)),
      }),
    ]
  for (const { classifier, rule, stage } of signals)
    yield ['seized:sign', fields({ classifier, rule, stage })]
  for (const { record, direction, when, person } of records)
    yield ['seized:record', fields({ record: record.code, direction, when: when && isoTime(when), person })]
}

/** `Exifs` of a media record: what the file says of itself, and its position as other programs write it. */
export function* exifsOf({ attributes }: EntryView): Iterable<Property> {
  for (const one of attributes) {
    if (EXIF[one.code] === undefined || !isShown(one)) continue
    const [name, value] = attributeProperty(one)
    yield [name, value]
    const at = one.code === 'gps-position' ? /^(-?[\d.]+), (-?[\d.]+)/.exec(value) : null
    if (at) yield ['Lat/Lon', `${at[1]} / ${at[2]}`]
  }
}

function hasherFields({ id, cardSha256, metric, distance }: HasherMatch): Readonly<Record<string, string>> {
  return { hasher: id, cardSha256, metric, distance }
}

function attributeProperty({ code, params }: Attribute): Property {
  const tag = EXIF[code]
  if (tag !== undefined && 'text' in params) {
    const text = String(params.text)
    return [tag, code === 'capture-time' ? exifDate(text) : text]
  }
  const said = Object.entries(params).map(([name, value]) => [name, String(value)])
  return [`seized:${code}`, fields(Object.fromEntries(said))]
}

export function fields(of: Readonly<Record<string, string | null>>): string {
  return Object.entries(of)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
}
