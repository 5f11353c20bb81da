/** Yes, no, or null where only the whole view of an entry can decide. */
export type Answer = boolean | null

export function every<T>(items: readonly T[], answer: (item: T) => Answer): Answer {
  let all: Answer = true
  for (const item of items) {
    const one = answer(item)
    if (one === false) return false
    if (one === null) all = null
  }
  return all
}

export function negated(answer: Answer): Answer {
  return answer === null ? null : !answer
}
