/**
 * Features of graded pictures, kept while a training runs, so that one that was interrupted goes on where it stopped. They are handed on
 * like the material: sealed under the training's passphrase, for one account, and removed when the training ends with a head.
 */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isAlive } from '../../base/alive.ts'
import { UsageError } from '../../base/errors.ts'
import { VERSION } from '../../base/version.ts'
import type { HeadCard } from '../../classify/head-card.ts'
import type { PictureFeatures } from '../../host/decoder/learn-request.ts'
import { SealedLog } from '../../terms/sealed-log.ts'

export class KeptFeatures {
  readonly path: string
  readonly #log: SealedLog
  readonly #known: ReadonlyMap<string, PictureFeatures>
  #hasNew = false

  private constructor(path: string, log: SealedLog, known: ReadonlyMap<string, PictureFeatures>) {
    this.path = path
    this.#log = log
    this.#known = known
  }

  /**
   * The file of an interrupted training of the same models, or none.
   * @param folder of the model to be trained: the file lies beside it
   * @throws UsageError when that training had another passphrase, or the folder of the models is not there
   */
  static of(folder: string, features: HeadCard['features'], passphrase: string): KeptFeatures {
    const path = `${folder}.features-${process.pid}`
    const models = Buffer.from(JSON.stringify({ version: VERSION, features }))
    const [left, ...older] = abandoned(folder, 'features')
    for (const file of older) rmSync(file)
    if (left !== undefined) {
      const known = new Map<string, PictureFeatures>()
      let isSame: boolean | null = null
      const log = SealedLog.open(left, passphrase, (record) => {
        if (isSame === null) isSame = record.equals(models)
        else if (isSame) known.set(...parsed(record))
      })
      if (isSame) {
        renameSync(left, path)
        return new KeptFeatures(path, log, known)
      }
      log.close()
      rmSync(left)
    }
    const log = created(path, passphrase)
    log.append(models)
    return new KeptFeatures(path, log, new Map())
  }

  of(sha256: string): PictureFeatures | undefined {
    return this.#known.get(sha256)
  }

  keep(sha256: string, { pdq, values }: PictureFeatures): void {
    const head = Buffer.alloc(64 + PDQ_CHARS, ' ')
    head.write(sha256, 0, 'latin1')
    head.write(pdq ?? '', 64, 'latin1')
    this.#hasNew = true
    this.#log.append(Buffer.concat([head, values ?? Buffer.alloc(0)]))
  }

  /** Of a training that ended without a head. @returns whether the file keeps features; one without any is removed */
  leave(): boolean {
    const holdsAny = this.#hasNew || this.#known.size > 0
    if (holdsAny) this.#log.close()
    else this.remove()
    return holdsAny
  }

  remove(): void {
    this.#log.close()
    rmSync(this.path, { force: true })
  }
}

function created(path: string, passphrase: string): SealedLog {
  try {
    return SealedLog.create(path, passphrase)
  } catch (cause) {
    throw new UsageError(
      `Nothing can be written beside the new model (${(cause as NodeJS.ErrnoException).code}): make the folder ${dirname(path)}.`,
      { cause },
    )
  }
}

const PDQ_CHARS = 64

function parsed(record: Buffer): [string, PictureFeatures] {
  const pdq = record.toString('latin1', 64, 64 + PDQ_CHARS).trim()
  const values = record.subarray(64 + PDQ_CHARS)
  return [
    record.toString('latin1', 0, 64),
    { pdq: pdq === '' ? null : pdq, values: values.length === 0 ? null : values },
  ]
}

/** What ended trainings of a model left beside its folder, the largest first. @param kind `partial` or `features` */
export function abandoned(folder: string, kind: 'partial' | 'features'): string[] {
  const parent = dirname(folder)
  if (!existsSync(parent)) return []
  return readdirSync(parent)
    .filter((name) => {
      const number = name.startsWith(`${basename(folder)}.${kind}-`) ? Number(name.split('-').at(-1)) : 0
      return number > 0 && !isAlive(number)
    })
    .map((name) => join(parent, name))
    .sort((a, b) => statSync(b).size - statSync(a).size)
}
