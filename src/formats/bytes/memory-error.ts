/** Distinguishes a failed memory allocation from a damaged file. */

/** Texts of allocation failures in V8, Node, libvips, onnxruntime and wasm. */
const WORDS =
  /out of memory|ERR_MEMORY_ALLOCATION_FAILED|bad_alloc|ENOMEM|(?:cannot|could not|unable to|failed to) (?:allocate|enlarge)|allocation failed/i

export function isMemoryError(error: unknown): boolean {
  return WORDS.test(
    error instanceof Error
      ? `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`
      : String(error),
  )
}
