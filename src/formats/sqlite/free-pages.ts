/**
 * Page numbers in the freelist, as far as it can be followed. @see https://www.sqlite.org/fileformat2.html, section
 * 1.5
 */
import type { SqliteFile } from './sqlite-file.ts'

export function freePagesOf(file: SqliteFile): readonly number[] {
  const first = file.page(1)
  if (first === null) return []
  const free: number[] = []
  const seen = new Set<number>()
  for (let trunk = first.readUInt32BE(32); trunk !== 0 && !seen.has(trunk); ) {
    const page = file.page(trunk)
    if (page === null) break
    seen.add(trunk)
    free.push(trunk)
    const count = Math.min(page.readUInt32BE(4), Math.floor(file.usable / 4) - 2)
    for (let i = 0; i < count; i++) free.push(page.readUInt32BE(8 + i * 4))
    trunk = page.readUInt32BE(0)
  }
  return [...new Set(free)].filter((number) => number > 1 && number <= file.pages)
}
