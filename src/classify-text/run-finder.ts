/**
 * Finds which of many letter runs a text holds, in one pass over it.
 *
 * @see Aho and Corasick, "Efficient string matching: an aid to bibliographic search", 1975. The automaton is a dense table:
 * three thousand runs make fifteen thousand states, and a text costs one look-up a letter.
 */

export interface RunFinder {
  /** Calls back with the number of every run that the text holds; a run may be named more than once. */
  find(text: string, found: (run: number) => void): void
}

export function runFinder(runs: readonly string[]): RunFinder {
  const classes = new Uint16Array(1 << 16)
  let width = 1
  for (const run of runs)
    for (let i = 0; i < run.length; i += 1) {
      const unit = run.charCodeAt(i)
      if (classes[unit] === 0) classes[unit] = width++
    }
  const states = 1 + runs.reduce((sum, run) => sum + run.length, 0)
  const next = new Int32Array(states * width)
  const ends: number[][] = [[]]
  runs.forEach((run, r) => {
    let state = 0
    for (let i = 0; i < run.length; i += 1) {
      const at = state * width + classes[run.charCodeAt(i)]!
      if (next[at] === 0) {
        next[at] = ends.length
        ends.push([])
      }
      state = next[at]!
    }
    ends[state]!.push(r)
  })
  completeTransitions(next, width, ends)
  return {
    find(text, found) {
      let state = 0
      for (let i = 0; i < text.length; i += 1) {
        state = next[state * width + classes[text.charCodeAt(i)]!]!
        for (const run of ends[state]!) found(run)
      }
    },
  }
}

/** Breadth first: what a state lacks it takes from the state of its longest proper suffix. */
function completeTransitions(next: Int32Array, width: number, ends: number[][]): void {
  const suffix = new Int32Array(ends.length)
  const queue: number[] = []
  for (let c = 1; c < width; c += 1) if (next[c] !== 0) queue.push(next[c]!)
  for (let i = 0; i < queue.length; i += 1) {
    const state = queue[i]!
    ends[state]!.push(...ends[suffix[state]!]!)
    for (let c = 1; c < width; c += 1) {
      const at = state * width + c
      const fallback = next[suffix[state]! * width + c]!
      if (next[at] === 0) next[at] = fallback
      else {
        suffix[next[at]!] = fallback
        queue.push(next[at]!)
      }
    }
  }
}
