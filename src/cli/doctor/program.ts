/** Checks the program itself: models against their cards, fonts, and the digest of all parts. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MODELS_DIR, PROGRAM_ROOT, VERSION } from '../../base/version.ts'
import { verifyModels } from '../../classify/index.ts'
import { digestParts } from '../../parts/digest-parts.ts'
import { type Check, ok, todo } from './check.ts'

export function models(folder = MODELS_DIR): Check[] {
  const checks = verifyModels(folder)
  if (checks.length === 0)
    return [todo('models', 'there is none', 'Install seized again: its models are missing.', 'ledgerDamaged')]
  const damaged = checks.filter(({ problem }) => problem !== null)
  if (damaged.length === 0) return [ok('models', `${checks.length} models are what their cards pin`)]
  return damaged.map(({ id, problem }) =>
    todo(
      'models',
      `${id}: ${problem}`,
      'Install seized again, or this model: a scan is refused with it.',
      'ledgerDamaged',
    ),
  )
}

/** File that `npm run package` writes next to package.json. */
const PACKAGED = 'PARTS.sha256'

export async function parts(): Promise<Check> {
  const { sha256, files, damaged } = await digestParts(null)
  if (damaged.length > 0)
    return todo(
      'parts',
      `${damaged.join(', ')}: not the bytes that the package holds`,
      'Install seized again: this part is damaged, and a scan is refused with it.',
      'tryAgain',
    )
  const found = `seized ${VERSION}: ${files} files, ${sha256}`
  const packaged = join(PROGRAM_ROOT, PACKAGED)
  if (!existsSync(packaged)) return ok('parts', found)
  if (readFileSync(packaged, 'utf8').trim() === sha256) return ok('parts', `${found}, as packaged`)
  return todo(
    'parts',
    `${found}, which is not what was packaged`,
    'A file of the program was changed, or a model added: install the package again, or keep its digest (seized parts).',
    'ledgerDamaged',
  )
}
