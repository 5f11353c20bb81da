import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { MODELS_DIR } from '../../src/base/version.ts'
import { modelUses } from '../../src/classify/index.ts'
import { ModelRefused } from '../../src/classify/model-card.ts'
import { CheckedFiles } from '../../src/parts/checked-files.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'seized-checked-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** Checks of one start, each by its name. */
function start(cache: string, files: readonly string[], check: () => string) {
  const checked = new CheckedFiles(cache)
  const asked: string[] = []
  const result = checked.once('a model', files, () => {
    asked.push('a model')
    return check()
  })
  checked.save()
  return { result, asked }
}

describe('a check that is kept between starts', () => {
  it('is made once while no file changes, and again for each change, with its time set back too', () => {
    const [home, cache] = [folder(), join(folder(), 'deep/models.json')]
    const [card, model] = [join(home, 'card.json'), join(home, 'model.onnx')]
    writeFileSync(card, 'card')
    writeFileSync(model, 'model')
    const files = [card, model]
    const check = () => readFileSync(model, 'utf8')
    expect(start(cache, files, check)).toEqual({ result: 'model', asked: ['a model'] })
    expect(start(cache, files, check)).toEqual({ result: 'model', asked: [] })
    const { atime, mtime } = statSync(model)
    writeFileSync(model, 'MODEL')
    utimesSync(model, atime, mtime)
    expect(start(cache, files, check)).toEqual({ result: 'MODEL', asked: ['a model'] })
    rmSync(card)
    expect(start(cache, files, check).asked).toHaveLength(1)
    expect(start(cache, [model], check).asked).toHaveLength(1)
  })

  it('is not kept where it failed', () => {
    const cache = join(folder(), 'models.json')
    const fails = () => {
      throw new ModelRefused('refused')
    }
    expect(() => start(cache, [], fails)).toThrow('refused')
    expect(start(cache, [], () => 'good').asked).toHaveLength(1)
  })

  it('is made again where the cache is damaged, of another version or cannot be written', () => {
    const cache = join(folder(), 'models.json')
    const asked = () => start(cache, [], () => 'good').asked.length
    expect([asked(), asked()]).toEqual([1, 0])
    for (const damaged of ['', '{', 'null', '{"version":"0","checks":[]}', '{"checks":[["a model",{}]]}']) {
      writeFileSync(cache, damaged)
      expect([asked(), asked()]).toEqual([1, 0])
    }
    const nowhere = join(cache, 'below a file')
    expect(start(nowhere, [], () => 'good').asked).toHaveLength(1)
    expect(start(nowhere, [], () => 'good').asked).toHaveLength(1)
  })
})

describe('the models of a plan', () => {
  it('are those of a start that read them, and a model that changed since is refused', () => {
    const models = join(folder(), 'models')
    cpSync(MODELS_DIR, models, { recursive: true })
    const cache = join(folder(), 'models.json')
    const uses = () => {
      const checked = new CheckedFiles(cache)
      const made: string[] = []
      const found = modelUses(models, {}, (what, files, check) =>
        checked.once(what, files, () => {
          made.push(what)
          return check()
        }),
      )
      checked.save()
      return { found, made }
    }
    const first = uses()
    expect(first.made.length).toBeGreaterThan(5)
    expect(first.found).toEqual(modelUses(models))
    expect(uses()).toEqual({ found: first.found, made: [] })
    appendFileSync(join(models, 'face-api-age/model.onnx'), 'x')
    expect(uses).toThrow(/The model face-api-age was refused: its card pins/)
    expect(uses).toThrow(ModelRefused)
  })
})
