/** Variables that a child may see: nothing that could hold a secret, and nothing that changes what a decoder does. */

const ALLOWED = ['PATH', 'LD_LIBRARY_PATH', 'LANG', 'LC_ALL']

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
    UV_THREADPOOL_SIZE: '2',
  }
}
