/**
 * Screens of sixty blurred tiles at random places of a large ledger: what logging, counting and sending take beside the making of
 * the tiles, which the bench `sight` measures. The tiles are grey, and made of nothing.
 */
import { statSync } from 'node:fs'
import { custodyPath } from '../src/ledger/custody/custody.ts'
import { NO_LIMITS } from '../src/review/level-limits.ts'
import { Screens } from '../src/review/screens.ts'
import { seededNumbers } from '../src/review/seeded-numbers.ts'
import type { ReviewSession } from '../src/review/session.ts'
import { DEFAULT_RULES } from '../src/review/sight-rules.ts'
import type { TileSource } from '../src/review/tile-source.ts'

const SCREEN = 60
const JUMPS = 50
const SIDE = 224

const GREY: TileSource = {
  mostOf: () => 'grey',
  width: 2,
  costOf: () => 0,
  make: async () => ({ frames: [{ width: SIDE, height: SIDE, pixels: Buffer.alloc(SIDE * SIDE, 128) }] }),
  makeAhead: () => {},
  close: async () => {},
}

export async function jumpsOfScreens(session: ReviewSession, view: number, tiles: number): Promise<void> {
  const screens = new Screens(session, { pixels: GREY, rules: DEFAULT_RULES, day: NO_LIMITS })
  const random = seededNumbers('screens')
  const log = custodyPath(session.ledger.path)
  const before = statSync(log).size
  const took: number[] = []
  let sent = 0
  for (let turn = 1; turn <= JUMPS; turn++) {
    const from = Math.floor((random() * (tiles - SCREEN)) / SCREEN) * SCREEN
    const need = Array.from({ length: SCREEN }, (_, i) => from + i)
    const startMs = performance.now()
    const asked = {
      view,
      from,
      count: SCREEN,
      need,
      level: 'blurred',
      treatment: 'blur',
      ahead: 0,
      turn,
    } as const
    for await (const piece of screens.ask(asked)) sent += piece.length > SIDE * SIDE ? 1 : 0
    took.push(performance.now() - startMs)
  }
  screens.hide('ended')
  took.sort((a, b) => a - b)
  const bytes = (statSync(log).size - before) / Math.max(1, sent)
  process.stdout.write(
    `${JUMPS} jumps to a screen of ${SCREEN} blurred tiles, logged and sent: ${took[0]!.toFixed(0)} to ${took.at(-1)!.toFixed(0)} ms, median ${took[JUMPS >> 1]!.toFixed(0)} ms; ${sent} tiles, ${bytes.toFixed(0)} bytes of the log each (aim 200)\n`,
  )
}
