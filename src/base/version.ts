/** The program's version and where its own files lie, the same from src (tests) and from dist. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that holds package.json, models and hashsets. */
export const PROGRAM_ROOT = findRoot(dirname(fileURLToPath(import.meta.url)))

export const VERSION: string = JSON.parse(readFileSync(join(PROGRAM_ROOT, 'package.json'), 'utf8')).version

/** Models as installed: one folder each, card.json beside model.onnx. */
export const MODELS_DIR = join(PROGRAM_ROOT, 'models')

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder))
}
