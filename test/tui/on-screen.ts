/** What stands on the screen of a terminal (tmux) that a test waits for. */
import { expect } from 'vitest'

/**
 * The screen that has all of these. Another one may be copied between the erasing of a frame and the next, so whatever is asserted of a
 * frame is waited for in one and the same.
 */
export async function screenWith(
  screen: () => string,
  ...all: readonly (string | RegExp)[]
): Promise<string> {
  let seen = ''
  const missing = () => {
    seen = screen()
    return all.filter((one) => (typeof one === 'string' ? !seen.includes(one) : !one.test(seen)))
  }
  await expect.poll(missing).toEqual([])
  return seen
}
