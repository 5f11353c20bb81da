/** Screens of tiles over the review's own protocol, and the events that they leave. */
import { readCustody } from '../../src/ledger/custody/custody.ts'
import type { RunningReview } from './running-review.ts'

export interface ShownTile {
  readonly sha256: string
  readonly level: string
  readonly without: string | null
  readonly frames: readonly { readonly width: number; readonly height: number }[]
  readonly pixels: Buffer
}

export async function tilesIn(response: Response): Promise<readonly ShownTile[]> {
  const bytes = Buffer.from(await response.arrayBuffer())
  if (response.status !== 200) throw new Error(bytes.toString())
  const found: ShownTile[] = []
  for (let at = 0; at < bytes.length; ) {
    const from = at + 4 + bytes.readUInt32LE(at)
    const head = JSON.parse(bytes.toString('utf8', at + 4, from)) as Omit<ShownTile, 'pixels'>
    const size = head.frames.reduce((sum, { width, height }) => sum + width * height, 0)
    found.push({ ...head, pixels: bytes.subarray(from, from + size) })
    at = from + size
  }
  return found
}

/** Of all screens that these tests ask for. */
let turns = 0

export interface AskedScreen {
  readonly from?: number
  readonly count?: number
  readonly level?: string | null
  readonly treatment?: string
  readonly ahead?: number
}

/** The first view, and the tiles of one screen of it. */
export async function screenOf(
  { post }: Pick<RunningReview, 'post'>,
  { from = 0, count = 20, level = null, treatment = 'blur', ahead = 0 }: AskedScreen = {},
): Promise<Response> {
  const made = await post('view', { order: 'place', queue: 'all', query: '', stacked: false, around: null })
  const { view } = (await made.json()) as { view: number }
  const need = Array.from({ length: count }, (_, i) => from + i)
  return post('screen', { view, from, count, need, level, treatment, ahead, turn: ++turns })
}

export interface ScreenEvent {
  readonly act: 'asked' | 'shown'
  readonly number: number
  readonly level?: string | undefined
  readonly treatment?: string | undefined
  readonly contents?: readonly string[]
  readonly asked?: number
  readonly by?: string | undefined
  readonly seconds?: readonly string[]
}

/** `screen-asked` and `screen-shown` of a log, in order. */
export const screens = (path: string) =>
  readCustody(path).flatMap(({ event, number, detail }): readonly ScreenEvent[] => {
    const { level, treatment, contents, asked, by, seconds = '' } = detail
    if (event === 'screen-asked')
      return [{ act: 'asked', number, level, treatment, contents: digestsIn(contents) }]
    return event === 'screen-shown'
      ? [{ act: 'shown', number, asked: Number(asked), by, seconds: seconds.split(' ') }]
      : []
  })

function digestsIn(text = ''): readonly string[] {
  return (text.match(/.{43}/g) ?? []).map((one) => Buffer.from(one, 'base64url').toString('hex'))
}
