/**
 * Finds the letter runs of a large set that a text contains, in one pass.
 *
 * @see Aho and Corasick, "Efficient string matching: an aid to bibliographic search", 1975. The automaton is a dense
 *   table: three thousand runs make fifteen thousand states, and a text costs one look-up per letter.
 */

export interface RunFinder {
  /** Calls back with the number of every run in the text; a run may be reported more than once. */
  find(text: string, found: (run: number) => void): void
}

/**
 * @param edge character in runs for the beginning or end of a word
 * @param isBetween true for a UTF-16 unit that belongs to no word: it counts as an edge, as do both ends of a text
 */
export function runFinder(
  runs: readonly string[],
  edge = '',
  isBetween: (unit: string) => boolean = () => false,
): RunFinder {
  const classes = new Uint16Array(1 << 16)
  let width = 1
  if (edge !== '') {
    const between = width++
    classes[edge.charCodeAt(0)] = between
    for (let unit = 0; unit < classes.length; unit += 1)
      if (isBetween(String.fromCharCode(unit))) classes[unit] = between
  }
  for (const run of runs)
    for (let i = 0; i < run.length; i += 1) {
      const unit = run.charCodeAt(i)
      if (classes[unit] === 0) classes[unit] = width++
    }
  const states = 1 + runs.reduce((sum, run) => sum + run.length, 0)
  // Uses half the memory where it suffices: cache misses cost more than all steps.
  const next = new (states <= 1 << 16 ? Uint16Array : Int32Array)(states * width)
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
  const isEnd = Uint8Array.from(ends, (found) => (found.length > 0 ? 1 : 0))
  return {
    find(text, found) {
      let state = edge === '' ? 0 : next[classes[edge.charCodeAt(0)]!]!
      for (let i = 0; i < text.length; i += 1) {
        state = next[state * width + classes[text.charCodeAt(i)]!]!
        if (isEnd[state] === 1) for (const run of ends[state]!) found(run)
      }
      if (edge === '') return
      state = next[state * width + classes[edge.charCodeAt(0)]!]!
      for (const run of ends[state]!) found(run)
    },
  }
}

/** Breadth first: a state takes its missing transitions from the state of its longest proper suffix. */
function completeTransitions(next: Uint16Array | Int32Array, width: number, ends: number[][]): void {
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
