/** Signals in JSON: descriptors and updates of the Graph API, and contents of a bank, at any depth of a document. */
import { UsageError } from '../../base/errors.ts'
import type { ListFile } from '../records/list-file.ts'
import type { Signal } from './signal.ts'

/** Such documents are pages of an interface; a whole exchange is exported as lines. */
const MOST_BYTES = 256 * 1024 * 1024
const DEEPEST = 32

/** @throws UsageError where it is no JSON, or too large for memory */
export async function* signalsOfJson(file: ListFile): AsyncGenerator<Signal> {
  if (file.sizeBytes > MOST_BYTES)
    throw new UsageError(
      `A JSON document of signals may have ${MOST_BYTES} bytes: export them as lines or as CSV instead.`,
      { code: 'list-unreadable' },
    )
  const pieces: Buffer[] = []
  for await (const piece of file.text()) pieces.push(Buffer.from(piece))
  yield* within(parsed(Buffer.concat(pieces).toString('utf8')), { count: 0 }, 0)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new UsageError(`The JSON list is damaged or truncated: ${cause.message}.`, {
      code: 'list-unreadable',
      cause,
    })
  }
}

function* within(value: unknown, items: { count: number }, depth: number): Generator<Signal> {
  if (depth > DEEPEST || value === null || typeof value !== 'object') return
  if (!Array.isArray(value)) yield* signalsIn(value as Readonly<Record<string, unknown>>, items)
  for (const inner of Object.values(value)) yield* within(inner, items, depth + 1)
}

function* signalsIn(one: Readonly<Record<string, unknown>>, items: { count: number }): Generator<Signal> {
  const { indicator, signals } = one
  const type = one.type ?? one.indicator_type ?? one.signal_type
  if (typeof indicator === 'string' && typeof type === 'string') {
    const at = ++items.count
    yield { at, type, value: indicator, name: nameOf(one, at) }
  }
  if (signals === null || typeof signals !== 'object' || Array.isArray(signals)) return
  const at = ++items.count
  for (const [type, value] of Object.entries(signals))
    if (typeof value === 'string') yield { at, type, value, name: nameOf(one, at) }
}

function nameOf({ id }: Readonly<Record<string, unknown>>, at: number): string {
  return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, 200) : `item ${at}`
}
