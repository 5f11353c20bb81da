/**
 * Versions of the libraries that decode pictures, as their packages state them. The main process only names them: to load
 * them takes as long as reading a thousand small files.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

export interface DecoderVersions {
  readonly sharp: string
  readonly vips: string
}

const require = createRequire(import.meta.url)

/** @throws where sharp is not installed */
export async function decoderVersions(): Promise<DecoderVersions> {
  const stated = statedVersions()
  if (stated !== null) return stated
  // A build of libvips for another C library, or the system's own, which states its version only when it is loaded.
  const { sharp = '', vips } = (await import('sharp')).default.versions
  return { sharp, vips }
}

function statedVersions(): DecoderVersions | null {
  const main = require.resolve('sharp')
  const [folder] = /^.*[/\\]node_modules[/\\]sharp(?=[/\\])/.exec(main) ?? []
  const libraries = `@img/sharp-libvips-${process.platform}-${process.arch}/versions`
  if (folder === undefined) return null
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  try {
    return { sharp: version, vips: (createRequire(main)(libraries) as { vips: string }).vips }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null
    throw error
  }
}
