/**
 * How often one look for two pictures would be wrong, on the pictures of a folder: `folder=DIR` with a folder for each collection.
 *
 * Unlike pairs are of two collections, which nobody copied from each other: every one within the distance of a copy is a mistake.
 * Near copies are made of the pictures (saved again, smaller, lighter, sharper, a mark in a corner): of those that the
 * rule takes for copies, it is counted how far the models' scores move and what a look of their own would have found.
 * `pictures=` at most so many, `copied=` of which copies are made. Nothing of a picture is kept.
 */
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import fastGlob from 'fast-glob'
import sharp, { type Sharp } from 'sharp'
import { MODELS_DIR } from '../src/base/version.ts'
import { type ImageClassifiers, loadClassifiers } from '../src/classify/index.ts'
import { bitsBetween, isDistinctive, isNearExact, isOneShape, mayLend } from '../src/classify/shared-look.ts'
import { wilson } from '../src/classify/statistics.ts'
import { THRESHOLDS } from '../src/classify/thresholds.ts'
import type { Finding } from '../src/contracts/finding.ts'
import { decodePicture, loadDecoders } from '../src/formats/media/picture/decode.ts'
import type { Picture } from '../src/formats/media/pixels/picture.ts'
import { toPixels } from '../src/formats/media/pixels/scale.ts'
import { pdqFromRgb } from '../src/hash/pdq.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'
import type { LookQuestion } from '../src/wire/look-reply.ts'

interface Hashed {
  readonly name: string
  readonly collection: string
  readonly outline: LookQuestion
  readonly hash: Buffer
}

const TYPES: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
}
/** Test files of image libraries are often of a few pixels. */
const SMALLEST_SIDE = 64
const TOLD_EVERY = 100
const { sharing } = THRESHOLDS

export async function sharedLooks(folder: string, most: number, copied: number): Promise<void> {
  await loadDecoders()
  const files = fastGlob.sync('*/**/*', { cwd: folder }).filter((name) => typeOf(name) !== undefined)
  const hashed: Hashed[] = []
  for (const name of spread(files.sort(), most)) {
    const picture = await decoded(readFileSync(join(folder, name)), typeOf(name)!)
    if (!picture) continue
    const outline = outlineOf(picture)
    hashed.push({ name, collection: name.split('/')[0]!, outline, hash: Buffer.from(outline.hex, 'hex') })
  }
  const fit = hashed.filter(({ outline }) => isDistinctive(outline))
  tellOfPairs(`${hashed.length} pictures of ${folder}`, fit)
  await tellOfCopies(spread(fit, copied).map(({ name }) => join(folder, name)))
}

function tellOfPairs(what: string, fit: readonly Hashed[]): void {
  let [unlike, ofOneShape, wrong, nearest, within, withinOfOneShape] = [0, 0, 0, 256, 0, 0]
  for (const [i, a] of fit.entries())
    for (const b of fit.slice(0, i)) {
      const bits = bitsBetween(a.hash, b.hash)
      const ofShape = isOneShape(a.outline, b.outline)
      const near = bits <= sharing.bits && ofShape
      if (near) console.log(`  ${bits} bits: ${a.name}, ${b.name}`)
      if (a.collection === b.collection) {
        if (ofShape) withinOfOneShape++
        if (near) within++
        continue
      }
      unlike++
      nearest = Math.min(nearest, bits)
      if (ofShape) ofOneShape++
      if (near) wrong++
    }
  const high = (of: number) => ((wilson(wrong, of)?.high ?? 1) * 100_000).toFixed(2)
  console.log(
    `${what}, ${fit.length} of quality ${sharing.quality} or more: ${unlike} pairs of two collections (nearest ${nearest} bits), ${ofOneShape} of one shape; taken for copies ${wrong}: at most ${high(ofOneShape)} of 100,000 pairs of one shape, ${high(unlike)} of all (Wilson, 95 %). Within one collection ${within} of ${withinOfOneShape} of one shape.`,
  )
}

/** What is made of a picture and taken for a copy of it, if its hash says so. */
const COPIES: Readonly<Record<string, (picture: Sharp, width: number, height: number) => Sharp>> = {
  'saved again, quality 85': (picture) => picture.jpeg({ quality: 85 }),
  'saved again, quality 50': (picture) => picture.jpeg({ quality: 50 }),
  'three quarters of the size': (picture, width) =>
    picture.resize({ width: Math.round(width * 0.75) }).jpeg({ quality: 80 }),
  'half the size': (picture, width) => picture.resize({ width: Math.round(width / 2) }).jpeg({ quality: 80 }),
  'a little lighter': (picture) => picture.linear(1.05, 4).jpeg({ quality: 90 }),
  sharper: (picture) => picture.sharpen({ sigma: 1 }).jpeg({ quality: 90 }),
  'a mark in a corner': (picture, width, height) => {
    const side = Math.max(8, Math.floor(Math.min(width, height) / 8))
    const input = { create: { width: side, height: side, channels: 3 as const, background: '#d0d0d0' } }
    return picture.composite([{ input, left: width - side, top: height - side }]).jpeg({ quality: 90 })
  },
}

interface Tally {
  made: number
  copies: number
  shared: number
  lost: number
  faces: number
  readonly moved: number[]
  readonly movedOfShared: number[]
}

const nothing = (): Tally => ({
  made: 0,
  copies: 0,
  shared: 0,
  lost: 0,
  faces: 0,
  moved: [],
  movedOfShared: [],
})

async function tellOfCopies(paths: readonly string[]): Promise<void> {
  const { classify, hasFace } = await loadClassifiers(MODELS_DIR)
  const tallies = new Map(Object.keys(COPIES).map((name) => [name, nothing()]))
  let [seen, leads, lenders] = [0, 0, 0]
  for (const path of paths) {
    const picture = await decoded(readFileSync(path), typeOf(path)!)
    if (!picture) continue
    const { width, height, channels, data } = picture
    const outline = outlineOf(picture)
    const own = await findingsOf(classify, picture)
    const lends = mayLend(own)
    if (lends) lenders++
    if (own.some(isLead)) leads++
    for (const [name, make] of Object.entries(COPIES)) {
      const tally = tallies.get(name)!
      tally.made++
      const raw = sharp(data, { raw: { width, height, channels } })
      const made = await decoded(
        await make(raw.withMetadata({ orientation: picture.orientation }), width, height).toBuffer(),
        'image/jpeg',
      )
      if (!made || !isNearExact(outlineOf(made), outline)) continue
      tally.copies++
      const found = await findingsOf(classify, made)
      const moved = Math.abs(explicitOf(found) - explicitOf(own))
      tally.moved.push(moved)
      if (!lends || (await hasFace(await toPixels(made)))) continue
      tally.shared++
      tally.movedOfShared.push(moved)
      if (found.some(isLead)) tally.lost++
      if (found.some((one) => one.kind === 'attribute' && one.code === 'faces')) tally.faces++
    }
    if (++seen % TOLD_EVERY === 0) tell(seen, leads, lenders, tallies)
  }
  tell(seen, leads, lenders, tallies)
}

function tell(pictures: number, leads: number, lenders: number, tallies: ReadonlyMap<string, Tally>): void {
  console.log(
    `Near copies of ${pictures} pictures; ${leads} of those have a lead, ${lenders} may lend their look`,
  )
  const together = nothing()
  for (const tally of tallies.values()) {
    for (const key of ['made', 'copies', 'shared', 'lost', 'faces'] as const) together[key] += tally[key]
    together.moved.push(...tally.moved)
    together.movedOfShared.push(...tally.movedOfShared)
  }
  console.table(
    [...tallies, ['together', together] as const].map(
      ([copy, { made, copies, shared, lost, faces, ...tally }]) => ({
        copy,
        made,
        'taken for copies': copies,
        'share a look': shared,
        'leads lost': `${lost} (at most ${((wilson(lost, shared)?.high ?? 1) * 100).toFixed(2)} %)`,
        'faces not seen': faces,
        '|Δ| p99, max': `${at(tally.moved, 0.99)}, ${at(tally.moved, 1)}`,
        'of those that share': `${at(tally.movedOfShared, 0.99)}, ${at(tally.movedOfShared, 1)}`,
      }),
    ),
  )
}

async function decoded(bytes: Buffer, mediaType: string): Promise<Picture | null> {
  const read = await decodePicture(bytes, mediaType, { pixels: DEFAULT_LIMITS.pixels })
  if (!read.ok || read.leniently !== null || read.pages > 1) return null
  return Math.min(read.picture.width, read.picture.height) < SMALLEST_SIDE ? null : read.picture
}

function outlineOf({ width, height, orientation, data, channels }: Picture): LookQuestion {
  return { ...pdqFromRgb(data, width, height, channels), width, height, orientation }
}

async function findingsOf(
  classify: ImageClassifiers['classify'],
  picture: Picture,
): Promise<readonly Finding[]> {
  const { scores, attributes } = await classify(await toPixels(picture))
  return [...scores, ...attributes]
}

function isLead(finding: Finding): boolean {
  return (
    finding.kind === 'score' &&
    finding.thresholdPer10k !== null &&
    finding.scorePer10k >= finding.thresholdPer10k
  )
}

function explicitOf(findings: readonly Finding[]): number {
  for (const finding of findings)
    if (finding.kind === 'score' && finding.classifier === 'explicitness' && finding.label === 'explicit')
      return finding.scorePer10k / 10_000
  return 0
}

function at(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(3)
}

function spread<T>(all: readonly T[], most: number): T[] {
  const step = Math.max(1, all.length / most)
  return Array.from({ length: Math.min(all.length, most) }, (_, i) => all[Math.floor(i * step)]!)
}

function typeOf(name: string): string | undefined {
  return TYPES[extname(name).toLowerCase()]
}
