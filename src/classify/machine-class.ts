/**
 * The class of this processor, by which the runtime of models chooses its kernels for floating-point products. Another class adds
 * sums in another order: where a token is chosen by the larger of two numbers, another one may be.
 */
import { readFileSync } from 'node:fs'

/** E.g. `x64 avx512f`; `unknown` where the system does not tell. */
export function machineClass(): string {
  if (process.platform !== 'linux') return `${process.arch} unknown`
  try {
    return classBy(process.arch, readFileSync('/proc/cpuinfo', 'latin1'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return `${process.arch} unknown`
  }
}

/** Widest first, as ONNX Runtime's kernels are (onnxruntime/core/mlas/lib/platform.cpp). */
const SETS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  x64: [['avx512f'], ['avx2', 'fma'], ['avx'], ['sse2']],
  arm64: [['sve'], ['asimd']],
}

/** @param cpuinfo text of /proc/cpuinfo; what every processor in it has */
export function classBy(architecture: string, cpuinfo: string): string {
  const processors = [...cpuinfo.matchAll(/^(?:flags|Features)\s*:(.*)$/gm)].map(
    ([, words]) => new Set(words!.trim().split(/\s+/)),
  )
  const set = SETS[architecture]?.find(
    (names) => processors.length > 0 && processors.every((has) => names.every((name) => has.has(name))),
  )
  return `${architecture} ${set?.join('+') ?? 'unknown'}`
}
