/**
 * Features of a path for the classifier: letter runs of name and folders, and marks of the name's spelling, as buckets.
 */
import { bucketOf } from '../classify-text/hash-features.ts'
import { componentsOf, spellingOf } from './spelling.ts'

export const BUCKETS = 1 << 16
const RUNS = { from: 2, to: 5 } as const

/** Buckets of the name, of its folder and of all folders, with marks for how the name is spelt. */
export function pathFeatures(path: string): readonly number[] {
  const components = componentsOf(path)
  const found = new Set<number>()
  components.forEach(({ text }, i) => {
    if (i === components.length - 1) for (const one of nameBuckets(text)) found.add(one)
    else for (const one of runsOf(i === components.length - 2 ? 'folder' : 'above', text)) found.add(one)
  })
  return [...found].sort((a, b) => a - b)
}

export function nameBuckets(name: string): ReadonlySet<number> {
  return new Set([...runsOf('name', name), ...marksOf(name).map((mark) => bucketOf('mark', mark, BUCKETS))])
}

export function* runsOf(group: string, text: string): Iterable<number> {
  const marked = `^${spellingOf(text).letters}$`
  for (let length = RUNS.from; length <= RUNS.to; length += 1)
    for (let at = 0; at + length <= marked.length; at += 1)
      yield bucketOf(group, marked.slice(at, at + length), BUCKETS)
}

function marksOf(name: string): string[] {
  return [
    `digits ${Math.min(4, (name.match(/\p{N}/gu) ?? []).length)}`,
    `words ${Math.min(8, name.split(/[\s_.-]+/).length)}`,
    /[\p{L}]\p{N}[\p{L}]/u.test(name) ? 'digit in word' : 'no digit in word',
    /\(|\[/.test(name) ? 'bracket' : 'no bracket',
    `length ${Math.min(10, Math.floor(name.length / 8))}`,
  ]
}
