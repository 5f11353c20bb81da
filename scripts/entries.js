/** What a process or a thread begins with. They find each other by these names, side by side. */
export const ENTRIES = [
  'cli/main',
  'confined/walker/walk-child',
  'confined/reader/reader-child',
  'confined/lister/image-lister',
  'confined/reader/image-reader',
  'confined/decoder/child',
  'process/parent-watch',
  'parts/parts-thread',
]

/** What a browser begins with. */
export const PAGE_ENTRY = 'review/page/main'
