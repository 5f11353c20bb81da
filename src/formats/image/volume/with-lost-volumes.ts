/** Divides gaps, and a medium of unknown content, into lost volumes and the remaining gaps. */
import type { ByteRange, Medium, VolumeRange } from '../../../contracts/image.ts'
import { partOf } from '../content/ranges.ts'
import { contentBySamples } from './content-of.ts'
import { type Lost, lostVolumes } from './lost.ts'

const SAMPLES_A_GAP = 8
const UNNAMED = new Set(['unknown', 'empty', 'possibly-encrypted'])

/** Volumes of a table keep their numbers; lost volumes get the numbers behind them. */
export function withLostVolumes(medium: Medium, ranges: readonly VolumeRange[]): readonly VolumeRange[] {
  let number = Math.max(0, ...ranges.map((range) => range.number ?? 0))
  const numbered = (range: VolumeRange) => (range.kind === 'volume' ? { ...range, number: ++number } : range)
  return ranges.flatMap((range) => {
    if (!mayHoldLost(range)) return [range]
    let soughtTo: number | null = null
    const lost = [...lostVolumes(medium, range, (from) => (soughtTo = from))]
    const said = soughtTo === null ? range : { ...range, soughtTo }
    if (lost.length === 0) return [said]
    if (range.kind === 'volume') number--
    return apart(medium, { ...said, kind: 'gap', number: null }, lost).map(numbered)
  })
}

/** A gap, or a whole medium of unknown content. */
export function mayHoldLost({ kind, scheme, content, length }: VolumeRange): boolean {
  return length > 0 && (kind === 'gap' || (kind === 'volume' && scheme === 'whole' && UNNAMED.has(content)))
}

function apart(medium: Medium, gap: VolumeRange, lost: readonly Lost[]): VolumeRange[] {
  const found = lost.map(
    ({ beyondBytes, ...volume }): VolumeRange => ({
      ...gap,
      ...volume,
      kind: 'volume',
      scheme: 'lost',
      ...(beyondBytes > 0 ? { beyondBytes } : {}),
    }),
  )
  const ends = [...found.map(({ offset }) => offset), gap.offset + gap.length]
  const begins = [gap.offset, ...found.map(({ offset, length }) => offset + length)]
  const between = begins
    .map((offset, i): ByteRange => ({ offset, length: (ends[i] ?? offset) - offset }))
    .filter(({ length }) => length > 0)
    .map((rest) => ({ ...gap, ...rest, content: contentBySamples(partOf(medium, rest), SAMPLES_A_GAP) }))
  return [...found, ...between].sort((a, b) => a.offset - b.offset)
}
