/**
 * `seized image`: the facts that an image states, its volumes and readable parts; with --verify, whether its hashes
 * are correct.
 */
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import type { Damage } from '../../contracts/image.ts'
import type { ImageVerification, ListedRange } from '../../contracts/image-exhibit.ts'
import { type ImageState, imageStateOf, wholenessOf } from '../../contracts/image-state.ts'
import { requireConfinement } from '../../host/confine/gate.ts'
import type { HeldImage } from '../../host/held/held-image.ts'
import { secretsOfBackups } from '../../host/held/opened-volumes.ts'
import { describeImage, verifyAside } from '../../host/lister/list-in-process.ts'
import { openHeldImage } from '../../host/lister/open-image.ts'
import { DEFAULT_LIMITS } from '../../plan.ts'
import { jsonLine } from '../../report/exchange/jsonl.ts'
import { imageStateText } from '../../report/model/image-words.ts'
import { lockText } from '../../report/model/lock-words.ts'
import { formatBytes, plural } from '../../report/texts/format.ts'
import { ENGLISH } from '../../report/texts/index.ts'
import type { ImageFacts } from '../../wire/list-protocol.ts'
import type { Given } from '../arguments/option.ts'
import type { IMAGE } from '../arguments/options-table.ts'
import { readKeysFile } from '../services/keys-file.ts'
import { refuseEmptyImage } from '../services/open-exhibit.ts'
import { refuseWrongSecrets, unneededSaid } from '../services/opened-locks.ts'

const NOT_VERIFIED: ImageVerification = { hashes: [], damage: [], opened: [] }

export async function image([path]: readonly string[], given: Given<typeof IMAGE>): Promise<number> {
  requireConfinement(given.allowUnconfined)
  const secrets = given.keys === undefined ? [] : readKeysFile(given.keys)
  const held = await openHeldImage(path!, DEFAULT_LIMITS.readStallMs)
  try {
    const facts = await describe(held, secrets)
    refuseWrongSecrets(facts.locks, secrets, secretsOfBackups(held))
    for (const said of unneededSaid(facts.locks, secrets, secretsOfBackups(held)))
      process.stderr.write(`seized: ${said}\n`)
    const { verified } = given.verify ? await verify(held) : { verified: NOT_VERIFIED }
    refuseEmptyImage(facts.image, path!)
    const state = stateOf(facts, verified)
    process.stdout.write(
      given.json
        ? `${jsonLine({ ...facts, state, verified: given.verify ? verified : null })}\n`
        : `${linesOf(facts, state, verified).join('\n')}\n`,
    )
    if (state.kind === 'differs') return EXIT.ledgerDamaged
    const isListed =
      facts.ranges.every(({ listed }) => listed.result === 'done') &&
      facts.ranges.some(({ fileSystem }) => fileSystem !== null)
    return isListed && state.isWhole ? EXIT.complete : EXIT.incomplete
  } finally {
    held.close()
  }
}

/** Tables of a large image take a while: a person at a terminal sees that it has begun. */
async function describe(held: HeldImage, secrets: Parameters<typeof describeImage>[2]): Promise<ImageFacts> {
  if (process.stderr.isTTY) process.stderr.write('Opening the image and its volumes …')
  try {
    return await describeImage(held, DEFAULT_LIMITS.readStallMs, secrets)
  } finally {
    // Back to the beginning of an empty line.
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  }
}

async function verify(held: HeldImage) {
  const done = await verifyAside(held, [], DEFAULT_LIMITS.readStallMs, (bytes, { image: { sizeBytes } }) => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r${formatBytes(bytes)} of ${formatBytes(sizeBytes)} read `)
  })
  if (process.stderr.isTTY) process.stderr.write('\n')
  return done
}

function stateOf({ image }: ImageFacts, { hashes, damage }: ImageVerification): ImageState {
  return imageStateOf({
    stored: image.storedHashes,
    acquisitionHash: null,
    computed: hashes,
    ...wholenessOf(image, bytesOf(damage, 'damaged')),
  })
}

function bytesOf(damage: readonly Damage[], kind: Damage['kind']): number {
  return damage.reduce((sum, one) => sum + (one.kind === kind ? one.length : 0), 0)
}

/** Statements of a lister about an image may contain anything: every word is escaped before it is printed. */
function linesOf(
  { image, ranges, locks }: ImageFacts,
  state: ImageState,
  { damage, opened }: ImageVerification,
): string[] {
  const { segments, stated, storedHashes, remarks } = image
  return [
    `${printText(segments[0]?.name ?? '')}  ${printText(image.format)}, ${plural(segments.length, 'segment', 'segments')}, a medium of ${formatBytes(image.sizeBytes)} (${image.sizeBytes} bytes)`,
    ...stated.map(({ name, value }) => `  stated    ${printText(name)}: ${printText(value)}`),
    ...storedHashes.map(({ algorithm, hex }) => `  stored    ${printText(algorithm)} ${printText(hex)}`),
    ...remarks.map(
      ({ code, params }) => `  remark    ${printText(ENGLISH.sentence('image-remark', code, params))}`,
    ),
    ...comparedLines(state),
    ...damageLines(damage),
    `  ${printText(imageStateText(state))}`,
    ...(ranges.some(({ fileSystem }) => fileSystem !== null)
      ? []
      : ['  No file system that can be listed was found.']),
    '',
    ...ranges
      .filter(({ range }) => range.number !== null)
      .flatMap((range) => [
        ...volumeLines(range),
        ...locks
          .filter(({ volume }) => volume === range.range.number)
          .map((lock) => `            ${printText(lockText(lock))}`),
        ...opened
          .filter(({ volume }) => volume === range.range.number)
          .map(({ sha256 }) => `            SHA-256 of the decrypted volume: ${sha256}`),
      ]),
  ]
}

function comparedLines({ hashes }: ImageState): string[] {
  return hashes.flatMap(({ algorithm, stored, computed }) => {
    if (computed === null) return []
    const word = stored === null ? 'nothing to compare it with' : stored === computed ? 'agrees' : 'DIFFERS'
    return [`  computed  ${printText(algorithm)} ${printText(computed)}  ${word}`]
  })
}

const MOST_RANGES = 100
/** Unit in which imagers count. */
const SECTOR_BYTES = 512

function damageLines(damage: readonly Damage[]): string[] {
  const [damaged, unread] = [bytesOf(damage, 'damaged'), bytesOf(damage, 'unreadable-at-acquisition')]
  const named = damage.slice(0, MOST_RANGES)
  return [
    ...(damaged > 0 ? [`  DAMAGED   ${damaged} bytes of the image are damaged or missing`] : []),
    ...(unread > 0 ? [`  unread    ${unread} bytes could not be read when the image was taken`] : []),
    ...named.map(
      ({ offset, length, kind, cause }) =>
        `            sectors ${Math.floor(offset / SECTOR_BYTES)} to ${Math.ceil((offset + length) / SECTOR_BYTES) - 1}: ${printText(kind)} (${printText(cause)})`,
    ),
    ...(damage.length > named.length
      ? [`            and ${damage.length - named.length} more ranges: --json names them all`]
      : []),
  ]
}

function volumeLines({ range, fileSystem, listed }: ListedRange): string[] {
  const what = printText(fileSystem ? fileSystem.kind : range.content)
  const label = fileSystem?.label ? ` "${printText(fileSystem.label)}"` : ''
  const isLost = range.scheme === 'lost'
  const named = isLost
    ? ENGLISH.sentence('exhibit', 'volume-lost')
    : [range.scheme, range.name || range.type].filter(Boolean).map(printText).join(' ')
  const readable =
    'reason' in listed
      ? ENGLISH.reason(listed.reason)
      : fileSystem
        ? 'is read'
        : ENGLISH.sentence('exhibit', 'volume-nothing')
  return [
    `volume ${range.number}  ${what}${label}, ${formatBytes(range.length)} at ${range.offset} (${named}): ${printText(readable)}`,
    ...(fileSystem?.stated ?? [])
      .filter(({ name }) => /^(shadow-cop|volume-)/.test(name))
      .map(({ name, value }) => `            ${printText(name)}: ${printText(value)}`),
  ]
}
