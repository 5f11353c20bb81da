import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkVersion, isInstalled, type ModelSource, SOURCES } from '../../scripts/convert/sources.ts'
import { readModel } from '../../src/classify/models.ts'
import { MODELS } from './models-dir.ts'

describe('the conversion', () => {
  it.each(SOURCES.filter(({ isLarge }) => !isLarge))('makes $id again, byte for byte', makesAgain)

  const large = SOURCES.filter(({ isLarge }) => isLarge)
  it.skipIf(!large.every(isInstalled)).each(large)('makes a model of a large package again', makesAgain)

  it('refuses a package of another version', () => {
    expect(() => checkVersion({ ...SOURCES[0]!, version: '0.0.1' })).toThrow(/is installed, but/)
  })
})

function makesAgain(source: ModelSource): void {
  checkVersion(source)
  const bytes = source.convert().encode(`npm ${source.package}@${source.version}`)
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(readModel(MODELS, source.id).card.sha256)
}
