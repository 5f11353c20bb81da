/**
 * Evidence paths: one byte string for a place on an exhibit, however deep inside containers it lies.
 *
 * Shape: the file's path below the exhibit's root, raw; then for each further step a zero byte, the step's kind and a
 * colon, and the name with 0x00 written 01 01 and 0x01 written 01 02. POSIX paths hold no zero byte, so a file's
 * path sorts before everything inside the file, and any bytes parse back. An image is the empty path; what lies on its
 * volumes has the steps `volume` and `file`, then `stream` or `record` where one name is not enough.
 */
import {
  DERIVED_STEPS,
  type EvidencePath,
  LISTED_STEPS,
  type PathStep,
  type StepKind,
} from '../contracts/entry.ts'

const KINDS: readonly StepKind[] = [...LISTED_STEPS, ...DERIVED_STEPS]
const HEADS = Object.fromEntries(KINDS.map((kind) => [kind, Buffer.from(`\0${kind}:`)])) as Record<
  StepKind,
  Buffer
>
const BY_WORD: ReadonlyMap<string, StepKind> = new Map(KINDS.map((kind) => [kind, kind]))
const DERIVED: ReadonlySet<StepKind> = new Set(DERIVED_STEPS)
/** Escape byte before an escaped byte of a name. */
const ESCAPE = 1

/** @param relative raw path below the root, `/` between names; the root itself is the empty path */
export function filePath(relative: Buffer): EvidencePath {
  return { bytes: relative, steps: [{ kind: 'file', name: relative }] }
}

export function childPath(parent: EvidencePath, kind: StepKind, name: Buffer): EvidencePath {
  return {
    bytes: Buffer.concat([parent.bytes, stepHead(kind), escapeName(name)]),
    steps: [...parent.steps, { kind, name }],
  }
}

/** Bytes before the name of every step except the first step of a path. */
export function stepHead(kind: StepKind): Buffer {
  return HEADS[kind]
}

/**
 * A name on a volume of an image: `volume 2 » Users/a.jpg`.
 * @param relative as for {@link filePath}; empty: the volume itself
 */
export function volumePath(number: number, relative: Buffer): EvidencePath {
  const volume = childPath(filePath(Buffer.alloc(0)), 'volume', Buffer.from(String(number)))
  return relative.length === 0 ? volume : childPath(volume, 'file', relative)
}

/** 1 for listed entries, 2 for entries derived from them, and so on. */
export function depthOf({ steps }: EvidencePath): number {
  let depth = 1
  for (const { kind } of steps) if (DERIVED.has(kind)) depth++
  return depth
}

/** Path of the listed entry: the path itself, or the top-level file of a derived entry. */
export function listedPath(path: EvidencePath): EvidencePath {
  const first = path.steps.findIndex(({ kind }) => DERIVED.has(kind))
  if (first === -1) return path
  return path.steps
    .slice(0, first)
    .reduce<EvidencePath | null>(
      (parent, { kind, name }) => (parent === null ? filePath(name) : childPath(parent, kind, name)),
      null,
    )!
}

/**
 * Path of the listed entry below its root or its volume's, raw: the path that patterns of scope and of privilege lists
 * match.
 */
export function listedName({ steps }: EvidencePath): Buffer {
  const first = steps.findIndex(({ kind }) => DERIVED.has(kind))
  return (first === -1 ? steps : steps.slice(0, first)).findLast(({ kind }) => kind === 'file')!.name
}

/** @throws RangeError when the bytes are not a path that this module wrote */
export function parseEvidencePath(bytes: Buffer): EvidencePath {
  const steps: PathStep[] = []
  let start = 0
  for (let end = bytes.indexOf(0); ; end = bytes.indexOf(0, start)) {
    const part = bytes.subarray(start, end === -1 ? bytes.length : end)
    steps.push(steps.length === 0 ? { kind: 'file', name: part } : parseStep(part))
    if (end === -1) return { bytes, steps }
    start = end + 1
  }
}

/**
 * A path as one printable line: printable UTF-8 stays, everything else becomes an escape, steps are joined by ` » `.
 * The same function serves terminal, log and report. Reversible together with {@link parsePrintedName} for one name.
 */
export function printPath(path: EvidencePath): string {
  const { steps } = path
  // The empty name of an image says nothing before its volume.
  const shown = steps.length > 1 && steps[0]!.name.length === 0 ? steps.slice(1) : steps
  return shown
    .map(({ kind, name }) => (kind === 'file' ? printName(name) : `${kind} ${printName(name)}`))
    .join(' » ')
}

/** Steps without own name: a deleted entry's record is shown by the name before it. */
const NAMELESS: readonly StepKind[] = ['record']

/**
 * The name of the entry alone, printed: that of a removed file without the number of its record, that of a stream
 * behind its file's. What was found without a name is called by its kind and place.
 */
export function printLastName({ steps }: EvidencePath): string {
  const named = steps.filter(({ kind }) => !NAMELESS.includes(kind))
  const { kind, name } = named.at(-1)!
  const own = printName(name.subarray(name.lastIndexOf(SLASH) + 1))
  if (kind === 'stream')
    return `${printLastName({ bytes: NO_BYTES, steps: named.slice(0, -1) })}:${printName(name)}`
  return kind === 'file' || DERIVED.has(kind) ? own : `${kind} ${own}`
}

const SLASH = 0x2f
const NO_BYTES = Buffer.alloc(0)

/**
 * Bytes from the exhibit as printable text. Backslash doubles; invalid UTF-8 becomes \xNN; controls, bidirectional
 * marks, line separators, invisible format characters and the guillemet used by printPath become \u{N}.
 */
export function printName(bytes: Buffer): string {
  // Most names are of these: asked for a million times, letter by letter takes seconds.
  const plain = bytes.toString('latin1')
  if (PRINTED_AS_IT_IS.test(plain)) return plain
  let out = ''
  for (let i = 0; i < bytes.length; ) {
    const length = utf8Length(bytes, i)
    if (length === 0) {
      out += `\\x${bytes[i]!.toString(16).padStart(2, '0')}`
      i += 1
      continue
    }
    const char = bytes.toString('utf8', i, i + length)
    out +=
      char === '\\' ? '\\\\' : UNPRINTABLE.test(char) ? `\\u{${char.codePointAt(0)!.toString(16)}}` : char
    i += length
  }
  return out
}

/** Text that is already a string (a list's name, an option) made safe for a terminal the same way. */
export function printText(text: string): string {
  return printName(Buffer.from(text, 'utf8'))
}

/** Inverse of {@link printName}. @throws RangeError on text that printName cannot have written */
export function parsePrintedName(text: string): Buffer {
  const parts: Buffer[] = []
  const token = /\\\\|\\x([0-9a-f]{2})|\\u\{([0-9a-f]{1,6})\}|[^\\]+|\\/gy
  for (const match of text.matchAll(token)) {
    if (match[0] === '\\') throw new RangeError(`not a printed name: stray backslash at ${match.index}`)
    if (match[1]) parts.push(Buffer.from(match[1], 'hex'))
    else if (match[2]) parts.push(Buffer.from(String.fromCodePoint(Number.parseInt(match[2], 16))))
    else parts.push(Buffer.from(match[0] === '\\\\' ? '\\' : match[0]))
  }
  return Buffer.concat(parts)
}

/** ASCII but controls and the backslash. */
const PRINTED_AS_IT_IS = /^[\x20-\x5b\x5d-\x7e]*$/
// Cc controls, Cf format characters (bidi, zero-width, tags, BOM), Zl/Zp separators, Co private use, Cn unassigned, and
// ».
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}»]/u

/** Length of the valid UTF-8 sequence at `i`, 0 when there is none (overlong forms and surrogates are invalid). */
function utf8Length(bytes: Buffer, i: number): 0 | 1 | 2 | 3 | 4 {
  const b = bytes[i]!
  if (b < 0x80) return 1
  const length = b >= 0xc2 && b < 0xe0 ? 2 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xf0 && b < 0xf5 ? 4 : 0
  if (length === 0 || i + length > bytes.length) return 0
  for (let k = 1; k < length; k++) if ((bytes[i + k]! & 0xc0) !== 0x80) return 0
  const second = bytes[i + 1]!
  if ((b === 0xe0 && second < 0xa0) || (b === 0xed && second > 0x9f)) return 0
  if ((b === 0xf0 && second < 0x90) || (b === 0xf4 && second > 0x8f)) return 0
  return length as 2 | 3 | 4
}

/** The name of a step after the first, as encoded in the path. */
export function escapeName(name: Buffer): Buffer {
  if (!name.includes(0) && !name.includes(1)) return name
  const out: number[] = []
  for (const byte of name) {
    if (byte === 0) out.push(1, 1)
    else if (byte === 1) out.push(1, 2)
    else out.push(byte)
  }
  return Buffer.from(out)
}

function parseStep(part: Buffer): PathStep {
  const colon = part.indexOf(0x3a)
  const kind = colon === -1 ? undefined : BY_WORD.get(part.toString('latin1', 0, colon))
  if (!kind) throw new RangeError(`not an evidence path: unknown step in ${part.toString('hex')}`)
  const written = part.subarray(colon + 1)
  return { kind, name: written.includes(ESCAPE) ? unescapeName(written) : written }
}

/** Inverse of {@link escapeName}. @throws RangeError */
function unescapeName(written: Buffer): Buffer {
  const name: number[] = []
  for (let i = 0; i < written.length; i++) {
    const [byte, next] = [written[i]!, written[i + 1]]
    if (byte !== ESCAPE) name.push(byte)
    else if (next === 1 || next === 2) name.push(written[++i]! - 1)
    else throw new RangeError(`not an evidence path: bad escape in ${written.toString('hex')}`)
  }
  return Buffer.from(name)
}
