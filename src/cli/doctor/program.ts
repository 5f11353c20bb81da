/** Checks the program itself: models against their cards, fonts, and the digest of all parts. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MODELS_DIR, PROGRAM_ROOT, VERSION } from '../../base/version.ts'
import { verifyModels } from '../../classify/index.ts'
import { languageFolders, shippedLanguages } from '../../classify-text/language-card.ts'
import { digestParts } from '../../parts/digest-parts.ts'
import { advice, type Check, ok, todo } from './check.ts'

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

/** Languages in which words in pictures are read: those that come with the program, and those that were added. */
export function languages(folder = MODELS_DIR): Check[] {
  const shipped = shippedLanguages(folder)
  if (shipped.length === 0)
    return [
      advice(
        'languages',
        'words in pictures are not read: their models are missing',
        'Install seized again.',
      ),
    ]
  const more = languageFolders(folder)
  const found = `words in pictures: ${shipped.join(', ')}`
  return [ok('languages', more.length === 0 ? found : `${found}; with --text-languages: ${more.join(', ')}`)]
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
