/** Variables that a child may see: nothing that could hold a secret, and nothing that changes what a decoder does. And its engine. */

/**
 * Of the engine. What a child has of its own is 14 MB; by itself V8 collects at every 36 MB of pixels, though they are given back at once
 * (formats/media/pixels/pixel-memory.ts): of 60 pictures it collected in 44 instead of 6, 5 to 20 ms each, at the same peak of memory.
 * The room for young objects would grow to 48 MB, which it never gives back; with 6 a look takes no longer (docs/evidence/models.md).
 */
export const CHILD_ENGINE: readonly string[] = ['--initial-old-space-size=128', '--max-semi-space-size=2']

const ALLOWED = ['PATH', 'LD_LIBRARY_PATH', 'LANG', 'LC_ALL']

const MIB = 1024 * 1024

export function childEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(
    ALLOWED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
  return {
    ...kept,
    TZ: 'UTC',
    HOME: '/nonexistent',
    // A decoder that wants a temporary file fails instead of leaving original pixels on a disk.
    TMPDIR: '/nonexistent',
    VIPS_DISC_THRESHOLD: '1000g',
    // libvips refuses loaders that are not fuzzed.
    VIPS_BLOCK_UNTRUSTED: '1',
    // One picture at a time: more arenas only spread the cap thin.
    MALLOC_ARENA_MAX: '2',
    // The RGB of 12 million pixels is 36 MB. glibc maps and unmaps what is over 32 MB, and each fresh page is a fault: of the
    // decode of a JPEG a quarter, measured. Kept instead, and given back above twice that.
    MALLOC_MMAP_THRESHOLD_: String(128 * MIB),
    MALLOC_TRIM_THRESHOLD_: String(256 * MIB),
    UV_THREADPOOL_SIZE: '2',
  }
}
