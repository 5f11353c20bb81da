/**
 * Screens of tiles in the custody log: `screen-asked` names the contents and the level, and is durable before the first
 * pixel is sent; `screen-shown` gives the seconds of each tile in sight, in the same order. Both stand in the detail of
 * their event: a million tiles cost some fifty bytes each.
 */
import type { CustodyEvent } from '../../contracts/custody.ts'
import { LEVELS, type Level, SCREEN_LEVELS, type ScreenLevel } from '../../contracts/sight.ts'

/** Length of a SHA-256 in base64url, without padding. */
const DIGEST = 43

export interface ScreenAsked {
  readonly number: number
  /** Head of the event: copies of one log have the same. */
  readonly head: string
  readonly operator: string
  readonly utc: string
  readonly session: string
  readonly level: Level
  /** SHA-256 of each content, base64url, in the order of the screen. */
  readonly contents: readonly string[]
  /** Frames of a video beyond one; 1 for tiles. */
  readonly frames: number
}

export interface ScreenShown {
  readonly asked: number
  /** By tile; null: its pixels never left the program. */
  readonly shownMs: readonly (number | null)[]
  readonly by: string
}

export interface NewScreen {
  readonly level: ScreenLevel
  readonly treatment: string | null
  readonly order: string
  /** SHA-256 of each content, 32 bytes. */
  readonly contents: readonly Buffer[]
  readonly frames: number
}

export function detailOfAsked({
  level,
  treatment,
  order,
  contents,
  frames,
}: NewScreen): Readonly<Record<string, string>> {
  return {
    level,
    ...(treatment === null ? {} : { treatment }),
    order,
    ...(frames === 1 ? {} : { frames: String(frames) }),
    contents: contents.map((digest) => digest.toString('base64url')).join(''),
  }
}

/** Seconds to a tenth; `-` for a tile of which no pixel was sent. */
export function detailOfShown({ asked, shownMs, by }: ScreenShown): Readonly<Record<string, string>> {
  const seconds = shownMs.map((ms) => (ms === null ? '-' : String(Math.ceil(ms / 100) / 10)))
  return { asked: String(asked), by, seconds: seconds.join(' ') }
}

/** Null when the event asked for no screen. */
export function screenAskedIn({
  number,
  head,
  operator,
  utc,
  event,
  detail,
}: CustodyEvent): ScreenAsked | null {
  if (event !== 'screen-asked') return null
  const level = SCREEN_LEVELS.find((one) => one === detail.level)
  if (!level) return null
  const { contents = '', session = '' } = detail
  return {
    number,
    head,
    operator: operator ?? '',
    utc,
    session,
    level,
    contents: contents.match(new RegExp(`.{${DIGEST}}`, 'g')) ?? [],
    frames: Number(detail.frames) || 1,
  }
}

/** Null when the event ended no screen. */
export function screenShownIn({ event, detail }: CustodyEvent): ScreenShown | null {
  if (event !== 'screen-shown') return null
  const { asked = '', seconds = '', by = '' } = detail
  return {
    asked: Number(asked),
    by,
    shownMs:
      seconds === ''
        ? []
        : seconds.split(' ').map((one) => (one === '-' ? null : Math.round(Number(one) * 1000))),
  }
}

/** Level of a reveal by its treatment: `colour`, `grey`, `grey blur-1`; null in logs that do not say it. */
export function levelOfReveal(treatment: string | null): Level | null {
  if (treatment === null) return null
  if (treatment.includes('blur')) return 'blurred'
  return LEVELS.find((one) => treatment.startsWith(one)) ?? null
}
