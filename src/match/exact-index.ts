/**
 * Exact matching of contents against hash sets.
 *
 * Every digest of a record that the content also has is compared, not only the one that was looked up: all agree is a
 * hit; one agrees and another does not is a conflict (a faulty record or a crafted collision). Results do not depend on
 * the order in which lists were given.
 */
import { createHash } from 'node:crypto'
import { totalmem } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import type {
  DigestConflict,
  Digests,
  HashSetDeclaration,
  HashSetInfo,
  Hit,
  MatchResult,
} from '../contracts.ts'
import { UsageError } from '../errors.ts'
import {
  ALGORITHMS,
  type AlgorithmPlace,
  algorithmsIn,
  BLAKE3,
  decodeHexText,
  ED2K,
  MD5,
  SHA1,
  SHA256,
  WIDE_WORDS,
} from './algorithms.ts'
import { compiledInfo } from './index-layout.ts'
import { IndexReader, isIndexFile } from './index-reader.ts'
import { type IntakeOptions, takeIn } from './intake.ts'
import { type PdqRecords, pdqRecordsOf } from './pdq-records.ts'
import { type Found, type RecordSource, RecordStore } from './record-store.ts'
import { findScale, interpret, type ScaleTable } from './scale.ts'

export interface LoadOptions
  extends Pick<IntakeOptions, 'onProgress' | 'type' | 'assumeSha256' | 'columns' | 'format'> {
  /** Tables of the operator (`--scale-table`), or the files they are in; they come before the shipped ones. */
  readonly scaleTables?: readonly (ScaleTable | string)[]
}

export interface ExactMatcher {
  /** Sorted by SHA-256, so that a plan does not depend on the order of options. */
  readonly hashSets: readonly HashSetInfo[]
  match(digests: Digests, sizeBytes: bigint): MatchResult
  /** The PDQ records of every list that has any, for the near index. Gathered when asked for. */
  pdqRecords(): readonly PdqRecords[]
  close(): void
}

/** A list ready to be matched. */
export interface LoadedSet {
  readonly info: HashSetInfo
  readonly scale: ScaleTable | null
  readonly source: RecordSource
}

/** Of the machine's memory, for one list that was not compiled. */
const MEMORY_SHARE = 0.4
/** What the filters look at. */
const FILTER_BYTES = 8

/** @throws UsageError before anything is read of the exhibit: an unusable list, or a declaration that does not fit it */
export async function loadHashSets(
  declarations: readonly HashSetDeclaration[],
  options: LoadOptions = {},
): Promise<ExactMatcher> {
  const sets: LoadedSet[] = []
  for (const declaration of declarations) {
    const set = await loadHashSet(declaration, options)
    const twin = sets.find((other) => other.info.sha256 === set.info.sha256)
    if (twin !== undefined) {
      throw new UsageError(
        `${declaration.file} is the same list as ${twin.info.name} (SHA-256 ${twin.info.sha256}): give it once.`,
      )
    }
    sets.push(set)
  }
  return makeMatcher(sets)
}

export async function loadHashSet(declaration: HashSetDeclaration, options: LoadOptions): Promise<LoadedSet> {
  const { declared, file } = declaration
  const scale = declared.kind === 'scale' ? findScale(declared.scale, options.scaleTables) : null
  if (isIndexFile(file)) return openCompiled(declaration, scale)

  const store = new RecordStore()
  const intake = await takeIn(file, options, (batch) => {
    store.append(batch)
    if (store.bytes > MEMORY_SHARE * totalmem()) throw tooLarge(file, store.count)
  })
  checkDeclaration(declaration, intake.categorised)
  store.finish()
  const { accepted, categorised: _, ...facts } = intake
  const info: HashSetInfo = {
    ...facts,
    meaning: declared.kind === 'meaning' ? declared.meaning : null,
    scale: declared.kind === 'scale' ? declared.scale : null,
    recordsKept: accepted - store.duplicates,
    duplicates: store.duplicates,
    notes: [...facts.notes, ...scaleNotes(declaration, scale)],
  }
  return { info, scale, source: store }
}

function tooLarge(file: string, records: number): UsageError {
  return new UsageError(
    `${file} holds more than ${records} records: too many for this machine's memory. ` +
      'Compile it with "seized hashset import" and give the index instead.',
  )
}

/** What a list was declared to mean when it was compiled cannot be changed by naming it otherwise now. */
function openCompiled(declaration: HashSetDeclaration, scale: ScaleTable | null): LoadedSet {
  const source = new IndexReader(declaration.file)
  const then = source.metadata.declared
  if (!isDeepStrictEqual(then, declaration.declared)) {
    source.close()
    const word = then.kind === 'meaning' ? then.meaning : then.scale
    throw new UsageError(
      `${declaration.file} was imported as ${word}: declare ${word}:${declaration.file}, or import the list again.`,
    )
  }
  const info = compiledInfo(source.metadata)
  return { info: { ...info, notes: [...info.notes, ...scaleNotes(declaration, scale)] }, scale, source }
}

/** @throws UsageError: a meaning would flatten categories; a scale has nothing to work on without them */
export function checkDeclaration({ declared, file }: HashSetDeclaration, categorised: boolean): void {
  if (declared.kind === 'meaning' && categorised) {
    throw new UsageError(
      `${file} has a category for its records, so one meaning for all of them would be wrong. ` +
        `Declare its scale instead of "${declared.meaning}", for example vics-us:${file}.`,
    )
  }
  if (declared.kind === 'scale' && !categorised) {
    throw new UsageError(
      `No record of ${file} has a category, so the scale "${declared.scale}" has nothing to say. ` +
        `Declare a meaning instead: illegal:, interest: or known:.`,
    )
  }
}

export function scaleNotes({ declared }: HashSetDeclaration, table: ScaleTable | null): readonly string[] {
  if (declared.kind === 'meaning') return []
  if (table === null) {
    return [
      `no table is known for the scale "${declared.scale}": categories are shown as the list has them, all of interest`,
    ]
  }
  const mapped = Object.keys(table.categories).length
  const sha256 = createHash('sha256').update(JSON.stringify(table)).digest('hex')
  return [
    `scale table "${table.id}": ${table.title} (${mapped} categories; source: ${table.source}; SHA-256 of its JSON ${sha256})`,
  ]
}

export function makeMatcher(unsorted: readonly LoadedSet[]): ExactMatcher {
  const sets = [...unsorted].sort((a, b) => compareText(a.info.sha256, b.info.sha256))
  const usedBits = sets.reduce((bits, set) => bits | set.source.present, 0)
  const [red, blue] = [new WantedDigests(usedBits), new WantedDigests(usedBits & ED2K.bit)]
  const found: Found[] = []

  return {
    hashSets: sets.map((set) => set.info),
    match,
    pdqRecords: () => sets.flatMap((set) => pdqRecordsOf(set) ?? []),
    close,
  }

  function match(digests: Digests, sizeBytes: bigint): MatchResult {
    if (sets.length === 0) return NO_HASH_SETS
    if (sizeBytes === 0n) return EMPTY_CONTENT
    red.set(digests)
    // The second of the two eD2k digests, where it differs: lists hold either.
    blue.set(digests.ed2kBlue === digests.ed2kRed ? {} : { ed2kRed: digests.ed2kBlue })
    const judged: Judged[] = []
    for (const set of sets) {
      if (found.length > 0) found.length = 0
      if (set.source.mayHold(red.words, red.bits)) {
        red.complete()
        set.source.find(red.words, red.bits, found)
      }
      if (blue.bits !== 0 && set.source.mayHold(blue.words, blue.bits)) findBlue(set)
      for (let i = 0; i < found.length; i++)
        judged.push(judge(set, found[i]!, red.bits | blue.bits, sizeBytes))
    }
    return judged.length === 0 ? NOTHING_FOUND : toResult(judged)
  }

  function findBlue({ source }: LoadedSet): void {
    red.complete()
    blue.complete()
    const more: Found[] = []
    source.find(blue.words, blue.bits, more)
    for (const record of more) {
      const same = found.find((other) => other.record === record.record)
      if (same !== undefined) same.agreed |= ED2K.bit
      else found.push({ ...record, agreed: ED2K.bit | source.agreement(record.record, red.words, red.bits) })
    }
  }

  function close(): void {
    for (const set of sets) set.source.close()
  }
}

/** The digests of one content as a wide record. Most contents match nothing, and the filters need eight bytes of each. */
class WantedDigests {
  bits = 0
  readonly words = new Uint32Array(WIDE_WORDS)
  readonly #bytes = new Uint8Array(this.words.buffer)
  readonly #places: readonly AlgorithmPlace[]
  #digests: Partial<Digests> = {}
  #complete = false

  constructor(usedBits: number) {
    this.#places = algorithmsIn(usedBits).filter((place) => place.exact)
  }

  set(digests: Partial<Digests>): void {
    this.bits = 0
    this.#digests = digests
    this.#complete = false
    for (const place of this.#places) {
      const hex = digestOf(digests, place)
      if (hex === undefined) continue
      this.#decode(place, hex, FILTER_BYTES)
      this.bits |= place.bit
    }
  }

  complete(): void {
    if (this.#complete) return
    this.#complete = true
    for (const place of this.#places) {
      const hex = digestOf(this.#digests, place)
      if (hex !== undefined) this.#decode(place, hex, place.bytes)
    }
  }

  #decode(place: AlgorithmPlace, hex: string, bytes: number): void {
    if (hex.length !== place.bytes * 2 || !decodeHexText(hex, this.#bytes, place.at, bytes)) {
      throw new TypeError(`not a ${place.title} digest: ${hex}`)
    }
  }
}

function digestOf(digests: Partial<Digests>, place: AlgorithmPlace): string | undefined {
  switch (place.name) {
    case 'ed2k':
      return digests.ed2kRed
    case 'pdq':
      return undefined
    default:
      return digests[place.name]
  }
}

interface Judged {
  readonly finding: Hit | DigestConflict
  /** May take the content out of the unknown phase, if nothing illegal speaks against it. */
  readonly suppresses: boolean
  readonly warning: string | null
}

function judge({ info, scale }: LoadedSet, record: Found, wantedBits: number, sizeBytes: bigint): Judged {
  const { agreed, category } = record
  const differed = record.present & wantedBits & ~agreed
  const { meaning, categoryLabel } =
    info.meaning !== null ? { meaning: info.meaning, categoryLabel: null } : interpret(scale, category)
  const named = {
    hashSet: info.name,
    hashSetSha256: info.sha256,
    edition: info.edition,
    category,
    scale: info.scale,
    categoryLabel,
    meaning,
  }
  if (differed !== 0) {
    const [agreeing, differing] = [namesOf(agreed), namesOf(differed)]
    const finding = { kind: 'conflict', ...named, agreeing, differing } as const
    return { finding, suppresses: false, warning: null }
  }
  const sizeDiffers = !Number.isNaN(record.size) && record.size !== Number(sizeBytes)
  const both = (agreed & MD5.bit) !== 0 && (agreed & SHA1.bit) !== 0
  return {
    finding: {
      kind: 'hit',
      ...named,
      algorithms: namesOf(agreed),
      weak: (agreed & (SHA256.bit | BLAKE3.bit)) === 0 && !both,
    },
    suppresses: meaning === 'known' && !sizeDiffers && ((agreed & SHA256.bit) !== 0 || both),
    // The digests agree, so the hit stands: sizes in lists are often wrong, and a person should know.
    warning: sizeDiffers
      ? `${info.name} states a size of ${record.size} bytes for this content, which has ${sizeBytes}`
      : null,
  }
}

/** By bits; made once, for a million hits share them. */
const NAMES: readonly (readonly string[])[] = Array.from({ length: 1 << ALGORITHMS.length }, (_, bits) =>
  Object.freeze(algorithmsIn(bits).map((place) => place.name)),
)

function namesOf(bits: number): readonly string[] {
  return NAMES[bits]!
}

function toResult(judged: readonly Judged[]): MatchResult {
  const [only] = judged
  if (judged.length === 1) return resultOfOne(only!)
  const hits = distinct(judged.map((j) => j.finding).filter((f): f is Hit => f.kind === 'hit'))
  const conflicts = distinct(
    judged.map((j) => j.finding).filter((f): f is DigestConflict => f.kind === 'conflict'),
  )
  const suppressing = distinct(judged.filter((j) => j.suppresses).map((j) => j.finding))
  const illegal = [...hits, ...conflicts].find((finding) => finding.meaning === 'illegal')
  const known = hits.find((hit) => hit.meaning === 'known')
  const warnings = [...new Set(judged.flatMap((j) => j.warning ?? []))].sort(compareText)
  let result: MatchResult['result'] = DONE
  if (illegal !== undefined && known !== undefined) {
    const isHit = illegal.kind === 'hit'
    const detail = isHit
      ? `${illegal.hashSet} (illegal) and ${known.hashSet} (known) both hold this content: illegal prevails`
      : `${known.hashSet} (known) holds this content, but some of its digests are those of a record of ${illegal.hashSet} (illegal): not suppressed`
    warnings.unshift(detail)
    if (isHit) result = { result: 'done-with-warnings', reason: 'known-and-illegal', detail }
  }
  const suppressedBy = illegal === undefined ? (suppressing[0]?.hashSet ?? null) : null
  return { result, hits, conflicts, suppressedBy, warnings }
}

/** The usual case, without the sorting and comparing of several. */
function resultOfOne({ finding, suppresses, warning }: Judged): MatchResult {
  return {
    result: DONE,
    hits: finding.kind === 'hit' ? [finding] : [],
    conflicts: finding.kind === 'conflict' ? [finding] : [],
    suppressedBy: suppresses ? finding.hashSet : null,
    warnings: warning === null ? [] : [warning],
  }
}

/** Equal findings once (lists repeat records), in an order that depends on nothing but the findings. */
function distinct<T extends Hit | DigestConflict>(findings: readonly T[]): readonly T[] {
  if (findings.length < 2) return findings
  const keyed = findings.map((finding) => {
    const algorithms =
      finding.kind === 'hit' ? finding.algorithms : [...finding.agreeing, '!', ...finding.differing]
    return {
      finding,
      key: [
        finding.hashSetSha256,
        finding.category === null ? '0' : `1${finding.category}`,
        algorithms.join(),
      ].join('\0'),
    }
  })
  keyed.sort((a, b) => compareText(a.key, b.key))
  return keyed.filter((k, i) => i === 0 || k.key !== keyed[i - 1]!.key).map((k) => k.finding)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const NOTHING: Omit<MatchResult, 'result'> = { hits: [], conflicts: [], suppressedBy: null, warnings: [] }
const NO_HASH_SETS: MatchResult = { ...NOTHING, result: { result: 'not-done', reason: 'no-hash-sets' } }
const EMPTY_CONTENT: MatchResult = { ...NOTHING, result: { result: 'not-applicable', reason: 'empty' } }
const DONE = { result: 'done' } as const
const NOTHING_FOUND: MatchResult = { ...NOTHING, result: DONE }
