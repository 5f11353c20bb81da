/** Files of SQLite whose pages lead a reader in circles, made from good ones. */
import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'

export function rootOf(path: string, table: string): number {
  const db = new Database(path, { readonly: true })
  try {
    return db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table) as number
  } finally {
    db.close()
  }
}

/** Of the page that is there. */
const pageSizeOf = (bytes: Buffer) => (bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16))

/**
 * A table of one row that is read for ever: inner pages, each of which names the next one so many times, and at the end a leaf with
 * an empty row. Of ten such pages of 4096 bytes, 583 to the power of ten visits.
 * @param root of the table; its page becomes the first of them
 */
export function fanOut(path: string, root: number, levels = 10): void {
  const bytes = readFileSync(path)
  const size = pageSizeOf(bytes)
  const first = bytes.length / size + 1
  const added = Buffer.alloc(size * levels)
  for (let level = 0; level < levels - 1; level++)
    interior(added.subarray(level * size, (level + 1) * size), first + level + 1)
  leaf(added.subarray((levels - 1) * size))
  interior(bytes.subarray((root - 1) * size, root * size), first)
  const whole = Buffer.concat([bytes, added])
  whole.writeUInt32BE(whole.length / size, 28)
  writeFileSync(path, whole)
}

function interior(page: Buffer, child: number): void {
  page.fill(0)
  // A cell of five bytes and its pointer.
  const cells = Math.floor((page.length - 12) / 7)
  page[0] = 0x05
  page.writeUInt16BE(cells, 3)
  page.writeUInt16BE(page.length - cells * 5, 5)
  page.writeUInt32BE(child, 8)
  for (let i = 0; i < cells; i++) {
    const at = page.length - (i + 1) * 5
    page.writeUInt16BE(at, 12 + 2 * i)
    page.writeUInt32BE(child, at)
    page[at + 4] = 1
  }
}

/** SQLite takes a leaf without a row for damage. */
function leaf(page: Buffer): void {
  page.fill(0)
  page[0] = 0x0d
  page.writeUInt16BE(1, 3)
  const at = page.length - 4
  page.writeUInt16BE(at, 5)
  page.writeUInt16BE(at, 8)
  // Two bytes of payload; row 1; a head of two bytes: itself and NULL.
  page.set([2, 1, 2, 0], at)
}
