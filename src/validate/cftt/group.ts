/** Cases that are asked of one exhibit together: what was planted, and which readers found it. */
import type { Bench } from '../model/scenario.ts'
import type { Counted } from './measure.ts'
import type { CfttRow } from './row.ts'

/** A way of its own for each kind of case: only readers of one way are compared. */
export interface GroupReader {
  readonly id: string
  readonly way: 'search' | 'sqlite' | 'registry'
  readonly version: (bench: Bench) => string | null
}

export interface Planted {
  readonly case: string
  readonly title: string
  /** Encoding, or kind of file. */
  readonly on: string
  readonly token: string
  /** Planted nowhere: a reader that finds it is wrong. */
  readonly isControl?: boolean
  /** Its bytes are overwritten: no reader can find it. */
  readonly isGone?: boolean
}

/** One row for each case and what it is on. @param foundBy for each reader that is here: whether it found a token */
export function rowsOf(
  planted: readonly Planted[],
  foundBy: ReadonlyMap<string, (one: Planted) => boolean>,
): CfttRow[] {
  const groups = new Map<string, Planted[]>()
  for (const one of planted) {
    const key = `${one.case} ${one.on}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].map((all) => {
    const [{ case: id, title, on: fileSystem }] = all as [Planted]
    const there = all.filter(({ isControl, isGone }) => !isControl && !isGone)
    const overwritten = all.filter(({ isGone }) => isGone).length
    return {
      ...{ case: id, title, fileSystem, state: 'made' as const },
      ...{ recoverable: there.length, overwritten, fragments: 1 },
      readers: [...foundBy].map(([reader, found]) => ({
        reader,
        contents: counted(all, found),
        names: null,
      })),
    }
  })
}

/** A scan that was not made says nothing of what it would have found. @throws Error */
export function scanned(bench: Bench, exhibit: string, ledger: string, ...more: readonly string[]): void {
  const { code, err } = bench.scan(exhibit, ledger, ...more)
  if (![0, 3, 10, 13].includes(code ?? -1)) throw new Error(`the scan ended with ${code}: ${err.slice(-400)}`)
}

/** Records of the device as the timeline gives them: live ones and those of deleted rows. */
export function recordsOf(bench: Bench, ledger: string): string {
  return bench.seized('timeline', ledger, '--format', 'csv').out
}

function counted(all: readonly Planted[], found: (one: Planted) => boolean): Counted {
  const of = (isControl: boolean) =>
    all.filter((one) => !one.isGone && (one.isControl ?? false) === isControl)
  const right = of(false).filter(found).length
  return { right, fragments: 0, wrong: of(true).filter(found).length, missed: of(false).length - right }
}
