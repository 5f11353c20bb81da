/**
 * What a look costs that no model takes part in, beside the bare decoder: in turns, in one process, the median of the rounds. With a
 * preview, as of hits where that is asked for, the picture is made smaller as for models.
 */
import { prepareLook } from '../src/confined/decoder/look/look.ts'
import { pdqFromRgb, pdqOrientations } from '../src/hash/pdq.ts'
import type { LookHeader } from '../src/wire/look.ts'
import { bareDecoder } from './bare-decoders.ts'

const MODES = { 'no preview': 'leads', 'with a preview': 'always' } as const

/** @returns one sentence; null where there is no bare decoder here */
export async function withoutModels(
  name: string,
  files: readonly Buffer[],
  header: LookHeader,
  rounds: number,
): Promise<string | null> {
  const bare = bareDecoder(header.mediaType)
  if (!bare) return null
  const look = await prepareLook({ pdq: pdqFromRgb, pdqOrientations, classify: null })
  const [decoded, looked] = [[] as number[], new Map<string, number[]>()]
  for (let round = 0; round < rounds; round++)
    for (const bytes of files) {
      decoded.push(await bare.decode(bytes))
      // To start djpeg this process forks: its pages are shared then, and each costs a fault when it is next written. A child never forks.
      await look({ ...header, preview: 'always' }, bytes, null)
      for (const [mode, preview] of Object.entries(MODES)) {
        const before = process.cpuUsage()
        await look({ ...header, preview }, bytes, null)
        const { user, system } = process.cpuUsage(before)
        looked.set(mode, [...(looked.get(mode) ?? []), (user + system) / 1000])
      }
    }
  const bareMs = median(decoded)
  const said = [...looked].map(([mode, ms]) => {
    const ratio = median(ms) / bareMs
    return `${mode} ${median(ms).toFixed(1)} ms, ${ratio.toFixed(2)} (${ratio <= bare.limit ? 'met' : 'NOT met'})`
  })
  return `${name}: ${bare.name} ${bareMs.toFixed(1)} ms; ${said.join('; ')}; limit ${bare.limit}`
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
