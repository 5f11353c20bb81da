/**
 * Environment variables and engine options of a child: no variable that could hold a secret or change a
 * decoder's result.
 */

/**
 * Options of V8 for a child. A child's own heap is 14 MB. By default V8 collects after every 36 MB of pixels,
 * although these are freed at once (formats/media/pixels/pixel-memory.ts).
 * Measured on 60 pictures: V8 collected during 44 by default and during 6 with this option, 5 to 20 ms each, at the same
 * peak of memory. The young generation would grow to 48 MB and never shrink; with 6 MB an analysis takes no longer
 * (docs/evidence/models.md).
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
    // The RGB of 12 million pixels is 36 MB. glibc maps and unmaps blocks over 32 MB, and each fresh page costs
    // a fault: a quarter of the time of a JPEG decode, measured. With these values glibc keeps the blocks, and
    // frees them above twice that size.
    MALLOC_MMAP_THRESHOLD_: String(128 * MIB),
    MALLOC_TRIM_THRESHOLD_: String(256 * MIB),
    UV_THREADPOOL_SIZE: '2',
  }
}
