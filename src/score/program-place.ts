/**
 * Icons and pictures of programs, by their place: an icon file, or the folders of pictures inside an installed package. Models see in
 * them what is not there, and there are thousands.
 *
 * A place proves nothing: anybody can name a file so. So such a lead is put last and stays a lead; hits, near matches and a
 * strong explicitness stand where they stand. A content that also lies elsewhere has the priority of that place.
 */
import type { EvidencePath } from '../contracts/entry.ts'

const PACKAGE = /\.(apk|apks|xapk|aab|ipa|jar|xpi|crx|appx|msix)$/
/** Folders that builders of such packages put pictures of the program into. */
const PICTURES = /(^|\/)(res\/(drawable|mipmap)[^/]*|icons?|_assets|sprites?)\//
const ICON_FILE = /\.(ico|icns|cur)$/

export type ProgramPlace = 'icon-file' | 'package'

export function programPlaceOf(path: EvidencePath): ProgramPlace | null {
  const names = path.steps.map(({ name }) => name.toString('latin1').toLowerCase())
  const container = names.findLastIndex((name) => PACKAGE.test(name))
  if (container >= 0 && names.slice(container + 1).some((name) => PICTURES.test(name))) return 'package'
  return names.some((name) => ICON_FILE.test(name)) ? 'icon-file' : null
}
