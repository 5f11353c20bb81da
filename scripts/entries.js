/** What a process or a thread begins with. They find each other by these names, side by side. */
export const ENTRIES = [
  'cli/main',
  'confined/walker/walk-child',
  'confined/reader/reader-child',
  'confined/lister/image-lister',
  'confined/reader/image-reader',
  'confined/decoder/child',
  'confined/probe/wall-probe',
  'process/parent-watch',
  'parts/parts-thread',
]

/**
 * Packages that are joined into the program when it is built, and are development dependencies for that reason. With its peer npm
 * would install a compiler of 23 MB beside valibot; of the other two the program needs one file each. scripts/third-party.js has
 * their licences.
 */
export const JOINED_IN = ['@noble/hashes', '@scure/bip39', 'valibot']

/** What a browser begins with. */
export const PAGE_ENTRY = 'review/page/main'
