/** Words for a machine clock that was behind. */
import type { ClockBehind } from '../../contracts/clock.ts'
import { ENGLISH } from './index.ts'

export function clockText({ against, entries, clock, newest }: ClockBehind): string {
  return ENGLISH.sentence('exhibit', `clock-behind-${against}`, {
    clock,
    newest,
    ...(entries === null ? {} : { entries }),
  })
}
