/** Ids of SOLVE-IT: every stage and requirement has its row, the page says what the table says, and names are of that table. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
// @ts-expect-error plain JavaScript
import { solveItPage } from '../scripts/solve-it.js'
import { REQUIREMENT_IDS, STAGE_TECHNIQUES } from '../src/contracts/solve-it.ts'
import { STAGES } from '../src/contracts/stage.ts'
import { REQUIREMENTS } from '../src/validate/model/requirements.ts'

it('has a row for every requirement and no other, and a technique for every stage', () => {
  expect(Object.keys(REQUIREMENT_IDS)).toEqual(REQUIREMENTS.map(({ id }) => id))
  expect(STAGES.filter((stage) => STAGE_TECHNIQUES[stage].length === 0)).toEqual([])
})

it('is what docs/reference/solve-it.md says', () => {
  expect(readFileSync(new URL('../docs/reference/solve-it.md', import.meta.url), 'utf8')).toBe(solveItPage())
})
