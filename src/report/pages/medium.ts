/** Contents of an image by byte class and volume, and its parts that were not examined. A mount has no such section. */
import { printText } from '../../base/evidence-path.ts'
import type { Plan } from '../../contracts/case.ts'
import type { EntryStatus } from '../../contracts/image.ts'
import {
  BYTE_CLASSES,
  type ByteClass,
  type ExhibitImage,
  type ListedRange,
} from '../../contracts/image-exhibit.ts'
import { recordedImageState } from '../../contracts/image-state.ts'
import type { ExaminationFacts, LedgerReader, MediumFacts } from '../../contracts/ledger-reader.ts'
import { omissionTexts } from '../model/image-words.ts'
import { formatBytes, formatCount } from '../texts/format.ts'
import { ENGLISH } from '../texts/index.ts'
import { type Content, html, type Markup } from '../texts/markup.ts'
import { sampleText } from '../texts/sample-text.ts'
import { say } from '../texts/say.ts'

/** Classes that readers ask for first: files, free space; then the others in the order of the classes. */
const FIRST: readonly ByteClass[] = ['allocated', 'unallocated']
const IN_ORDER: readonly ByteClass[] = [...FIRST, ...BYTE_CLASSES.filter((name) => !FIRST.includes(name))]

/** `Of the image's 734 MB: 461 MB in live files, 98 MB free, …; 0 B not accounted for.` Null for a mount, and before the listing has ended. */
export function bytesText(ledger: ExaminationFacts & MediumFacts): string | null {
  const counts = ledger.byteClasses()
  const { image } = ledger.exhibit
  if (!image || counts.length === 0) return null
  const sum = (of: ByteClass) =>
    counts.filter((one) => one.class === of).reduce((all, { bytes }) => all + bytes, 0)
  const classes = IN_ORDER.filter((name) => sum(name) > 0).map((name) =>
    ENGLISH.sentence('exhibit', 'image-part', { bytes: sum(name), what: ENGLISH.word('byte-class', name) }),
  )
  const left = image.sizeBytes - counts.reduce((all, { bytes }) => all + bytes, 0)
  return ENGLISH.sentence('exhibit', 'image-bytes', {
    size: image.sizeBytes,
    classes: classes.join(', '),
    left,
  })
}

/** Remarks on the limits of an image. @param recovered entries that are not live, by status */
export function imageRemarks(
  ledger: ExaminationFacts & MediumFacts,
  recovered: ReadonlyMap<EntryStatus, number>,
): Content[] {
  const { exhibit, plan } = ledger
  const statuses = [...recovered].map(([status, entries]) =>
    ENGLISH.sentence('exhibit', 'status-count', { entries, status: ENGLISH.word('status', status) }),
  )
  const entries = [...recovered.values()].reduce((sum, count) => sum + count, 0)
  return [
    ...shownRemarks(exhibit.image?.remarks ?? []).map((words) => html`<strong>${words}</strong>`),
    ...omissionTexts(ledger),
    ...(plan.options.verifyImage ? [] : [ENGLISH.sentence('exhibit', 'image-not-verified')]),
    ...remainsText(plan),
    ...ledger.samples().map((sample) => sampleText(sample, plan)),
    ...(entries === 0
      ? []
      : [ENGLISH.sentence('exhibit', 'recovered', { entries, statuses: statuses.join(', ') })]),
  ]
}

/** Maximum number of damaged ranges that are listed by name. */
const MOST_RANGES = 20

function shownRemarks(remarks: ExhibitImage['remarks']): string[] {
  const isRange = ({ code }: ExhibitImage['remarks'][number]) => code === 'damaged-range'
  const ranges = remarks.filter(isRange)
  const shown = [...remarks.filter((one) => !isRange(one)), ...ranges.slice(0, MOST_RANGES)]
  const more = ranges.length - MOST_RANGES
  return [
    ...shown.map(({ code, params }) => ENGLISH.sentence('image-remark', code, params)),
    ...(more > 0 ? [ENGLISH.sentence('exhibit', 'damaged-ranges-more', { ranges: more })] : []),
  ]
}

function remainsText({ options: { remains, textBasis } }: Plan): string[] {
  // A part that was not searched is an omission, and is listed there with its bytes.
  if (remains === undefined) return []
  const carved = remains === 'carve' ? [ENGLISH.sentence('exhibit', 'remains-carved')] : []
  const text = remains === 'carve' && textBasis !== null ? [ENGLISH.sentence('exhibit', 'remains-text')] : []
  return [...carved, ...text, ENGLISH.sentence('exhibit', 'remains-known')]
}

/** One row for each volume: its type, and whether it was listed. Null without volumes. */
export function volumesTable(ledger: MediumFacts): Markup | null {
  const volumes = ledger.ranges().filter(({ range }) => range.number !== null)
  if (volumes.length === 0) return null
  return html`<table class="numbers"><thead><tr><th scope="col">Volume</th><th scope="col">File system</th><th scope="col">Listed</th><th scope="col" class="n">Size</th><th scope="col" class="n">Problems met</th></tr></thead><tbody>
${volumes.map(
  ({ range, fileSystem, listed, problems }) =>
    html`<tr><th scope="row">${String(range.number)}${range.name === '' ? null : html` “${printText(range.name)}”`}<small>${range.scheme}, at byte ${formatCount(range.offset)}${range.scheme === 'lost' ? `: ${ENGLISH.sentence('exhibit', 'volume-lost')}` : ''}</small></th><td>${fileSystem?.kind ?? range.content}${fileSystem?.label ? html` “${printText(fileSystem.label)}”` : null}</td><td>${listedText({ fileSystem, listed })}</td><td class="n">${formatBytes(range.length)}</td><td class="n">${formatCount(problems.length)}</td></tr>
`,
)}</tbody></table>`
}

function listedText({ fileSystem, listed }: Pick<ListedRange, 'fileSystem' | 'listed'>): Content {
  if ('reason' in listed)
    return html`<strong>${ENGLISH.word('outcome', listed.result)}</strong>: ${ENGLISH.reason(listed.reason)}`
  return ENGLISH.sentence('exhibit', fileSystem ? 'volume-done' : 'volume-nothing')
}

/** How the image was read, for the facts of page one. */
export function examinedAs({ image }: LedgerReader['exhibit']): string {
  if (!image) return ''
  return say('image-itself', {
    format: image.format,
    segments: image.segments.length,
    bytes: image.sizeBytes,
  })
}

/** Hashes of the image's bytes, each with its source. */
export function imageHashes(ledger: ExaminationFacts & MediumFacts): Content {
  const { isWhole } = recordedImageState(ledger)
  const computed = say(isWhole ? 'computed-from-every-byte' : 'computed-with-zeros')
  return ledger
    .imageHashes()
    .map(
      ({ algorithm, hex, origin }) =>
        html`<div>${algorithm.toUpperCase()} <code>${hex}</code> ${origin === 'stored' ? say('as-the-image-states') : computed}</div>`,
    )
}
