/** `seized image`: what an image says of itself, what lies on it and can be read; with --verify, whether its hashes hold. */
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import type { ListedRange } from '../../contracts/image-exhibit.ts'
import { requireConfinement } from '../../host/confine/gate.ts'
import { holdImage } from '../../host/held/held-image.ts'
import { describeImage, verifyAside } from '../../host/lister/list-in-process.ts'
import { DEFAULT_LIMITS } from '../../plan.ts'
import { formatBytes, plural } from '../../report/texts/format.ts'
import { ENGLISH } from '../../report/texts/index.ts'
import type { ImageFacts } from '../../wire/list-protocol.ts'
import type { Given } from '../arguments/option.ts'
import type { IMAGE } from '../arguments/options-table.ts'
import { type Comparison, compareHashes } from '../services/verify-image.ts'

export async function image([path]: readonly string[], given: Given<typeof IMAGE>): Promise<number> {
  requireConfinement(given.allowUnconfined)
  const held = holdImage(path!)
  const { readStallMs } = DEFAULT_LIMITS
  try {
    const { facts, compared } = given.verify
      ? await verified(held)
      : { facts: await describeImage(held, readStallMs), compared: null }
    process.stdout.write(
      given.json
        ? `${JSON.stringify({ ...facts, verified: compared })}\n`
        : `${linesOf(facts, compared).join('\n')}\n`,
    )
    if (compared?.differs) return EXIT.ledgerDamaged
    const whole = facts.ranges.every(({ listed }) => listed.result === 'done') && !compared?.damagedBytes
    return whole ? EXIT.complete : EXIT.incomplete
  } finally {
    held.close()
  }

  async function verified(image: typeof held) {
    const { facts, verified } = await verifyAside(
      image,
      [],
      readStallMs,
      (done, { image: { sizeBytes } }) => {
        if (process.stderr.isTTY)
          process.stderr.write(`\r${formatBytes(done)} of ${formatBytes(sizeBytes)} read `)
      },
    )
    if (process.stderr.isTTY) process.stderr.write('\n')
    return { facts, compared: compareHashes(facts.image.storedHashes, verified) }
  }
}

function linesOf({ image, ranges }: ImageFacts, compared: Comparison | null): string[] {
  const { segments, stated, storedHashes, remarks } = image
  return [
    `${printText(segments[0]?.name ?? '')}  ${image.format}, ${plural(segments.length, 'segment', 'segments')}, a medium of ${formatBytes(image.sizeBytes)} (${image.sizeBytes} bytes)`,
    ...stated.map(({ name, value }) => `  stated    ${printText(name)}: ${printText(value)}`),
    ...storedHashes.map(({ algorithm, hex }) => `  stored    ${algorithm} ${hex}`),
    ...remarks.map(({ code, params }) => `  remark    ${code} ${printText(JSON.stringify(params))}`),
    ...(compared === null ? [] : comparedLines(compared)),
    '',
    ...ranges.filter(({ range }) => range.number !== null).flatMap(volumeLines),
  ]
}

const MOST_RANGES = 100
/** In which every imager counts. */
const SECTOR_BYTES = 512

function comparedLines({ hashes, damagedBytes, unreadableBytes, damage }: Comparison): string[] {
  const named = damage.slice(0, MOST_RANGES)
  return [
    ...hashes.map(
      ({ algorithm, hex, agrees }) =>
        `  computed  ${algorithm} ${hex}  ${agrees === null ? 'nothing to compare it with' : agrees ? 'agrees' : 'DIFFERS'}`,
    ),
    ...(damagedBytes > 0 ? [`  DAMAGED   ${damagedBytes} bytes of the image cannot be read`] : []),
    ...(unreadableBytes > 0
      ? [`  unread    ${unreadableBytes} bytes could not be read when the image was taken`]
      : []),
    ...named.map(
      ({ offset, length, kind, cause }) =>
        `            sectors ${Math.floor(offset / SECTOR_BYTES)} to ${Math.ceil((offset + length) / SECTOR_BYTES) - 1}: ${kind} (${cause})`,
    ),
    ...(damage.length > named.length
      ? [`            and ${damage.length - named.length} more ranges: --json names them all`]
      : []),
  ]
}

function volumeLines({ range, fileSystem, listed }: ListedRange): string[] {
  const what = fileSystem ? fileSystem.kind : range.content
  const label = fileSystem?.label ? ` "${printText(fileSystem.label)}"` : ''
  const isLost = range.scheme === 'lost'
  const named = isLost
    ? ENGLISH.sentence('exhibit', 'volume-lost')
    : [range.scheme, printText(range.name || range.type)].filter(Boolean).join(' ')
  const readable =
    'reason' in listed ? ENGLISH.reason(listed.reason) : fileSystem ? 'is read' : 'holds nothing but zeros'
  return [
    `volume ${range.number}  ${what}${label}, ${formatBytes(range.length)} at ${range.offset} (${named}): ${readable}`,
    ...(fileSystem?.stated ?? [])
      .filter(({ name }) => /^(shadow-cop|volume-)/.test(name))
      .map(({ name, value }) => `            ${name}: ${printText(value)}`),
  ]
}
