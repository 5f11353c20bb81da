/**
 * Finds binaries that differ from those of their packages. Damaged machine code need not fail: a wrong constant gives
 * wrong pixels or members without any sign.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KNOWN_BINARIES, type KnownBinary } from './known-binaries.ts'
import type { PartFile } from './part-files.ts'

type Digested = PartFile & { readonly sha256: string }

/** @returns names, in the order of the files; a package of another version is unknown and skipped */
export function damagedParts(
  files: readonly Digested[],
  known: ReadonlyMap<string, KnownBinary> = KNOWN_BINARIES,
): string[] {
  return files.flatMap((file) => {
    const expected = known.get(file.name)
    const isSame = expected === undefined || expected.sha256 === file.sha256
    return isSame || versionOf(file) !== expected.version ? [] : [file.name]
  })
}

/** Version of the package that contains a part. */
function versionOf({ name, path }: PartFile): string {
  const [packageName] = /^(@[^/]+\/)?[^/]+/.exec(name)!
  const folder = path.slice(0, path.length - name.length + packageName.length)
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  return version
}
