/**
 * Tests whether this processor multiplies bytes exactly, as the 8-bit prefilter needs.
 *
 * x86-64 processors without VNNI add two products of bytes in sixteen signed bits and saturate silently: the same model
 * then gives other results. The runtime does not report it.
 */
import { readFileSync } from 'node:fs'

/** False also where it is unknown. */
export function multipliesBytesExactly(): boolean {
  if (process.platform !== 'linux') return false
  try {
    return exactBy(process.arch, readFileSync('/proc/cpuinfo', 'latin1'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return false
  }
}

/** @param cpuinfo text of /proc/cpuinfo; every processor in it must be able to */
export function exactBy(architecture: string, cpuinfo: string): boolean {
  // Products of Arm's NEON are added in thirty-two bits, with and without its dot products.
  if (architecture === 'arm64') return true
  const flags = [...cpuinfo.matchAll(/^flags\s*:(.*)$/gm)].map(([, words]) => words!.trim().split(/\s+/))
  return flags.length > 0 && flags.every((words) => words.some((word) => VNNI.has(word)))
}

const VNNI: ReadonlySet<string> = new Set(['avx512_vnni', 'avx_vnni'])
