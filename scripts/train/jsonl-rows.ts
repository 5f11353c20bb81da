/** Reads JSON Lines into memory: training data is small. */
import { readFileSync } from 'node:fs'

export function readRows<Row>(file: string): Row[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Row)
}
