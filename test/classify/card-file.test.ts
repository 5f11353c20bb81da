import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readNamed, readPinned, roleOf, sha256Of } from '../../src/classify/card-file.ts'
import { parseHasherCard } from '../../src/classify/hasher-card.ts'
import { parseHeadCard } from '../../src/classify/head-card.ts'
import { ModelRefused } from '../../src/classify/model-card.ts'
import { transcriberUses } from '../../src/classify/transcriber-card.ts'
import { languageUses, listLanguages } from '../../src/classify-text/language-card.ts'

const CUT = '{"cardVersion": 1, "role": '

describe('a card', () => {
  let models: string
  beforeAll(() => {
    models = mkdtempSync(join(tmpdir(), 'seized-cards-'))
    for (const id of ['words-deu', 'speech-to-text']) {
      mkdirSync(join(models, id))
      writeFileSync(join(models, id, 'card.json'), CUT)
    }
  })
  afterAll(() => rmSync(models, { recursive: true, force: true }))

  it.each([
    ['a head', () => parseHeadCard(CUT, 'card.json')],
    ['a hasher', () => parseHasherCard(CUT, 'card.json')],
    ['a language in a list', () => listLanguages(models)],
    ['a language of a scan', () => languageUses(models, ['deu'])],
    ['a model that transcribes', () => transcriberUses(models)],
  ])('of %s that was cut is refused with its file, not thrown as a fault of the program', (_, read) => {
    expect(read).toThrow(ModelRefused)
    expect(read).toThrow(
      /card\.json was refused: it is not JSON\.$|speech-to-text was refused: it is not JSON\.$/,
    )
  })

  it('says its role before it is checked', () => {
    expect(roleOf('{"role": "head"}')).toBe('head')
    expect([CUT, 'null', '[]', '7', '{}'].map(roleOf)).toEqual([null, null, null, null, null])
  })
})

describe('a file that a card pins', () => {
  it('is read where its digest agrees; a missing or another one is refused with its name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'seized-pinned-'))
    const file = join(folder, 'model.onnx')
    writeFileSync(file, 'weights')
    expect(readPinned(file, sha256Of(Buffer.from('weights'))).toString()).toBe('weights')
    expect(() => readPinned(file, sha256Of(Buffer.from('others')))).toThrow(
      new RegExp(`^${file} was refused: its card pins SHA-256 [0-9a-f]{64}, the file has [0-9a-f]{64}\\.$`),
    )
    expect(() => readNamed(join(folder, 'none'))).toThrow(
      `${join(folder, 'none')} could not be read (ENOENT).`,
    )
    rmSync(folder, { recursive: true })
  })
})
