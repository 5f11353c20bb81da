/** What a process or a thread begins with. They find each other by these names, side by side. */
export const ENTRIES = [
  'cli/main',
  'source/mount/walk-child',
  'source/mount/reader-child',
  'source/image/listing/image-lister',
  'source/image/reading/image-reader',
  'child/child',
  'process/parent-watch',
  'parts/parts-thread',
]

/** What a browser begins with. */
export const PAGE_ENTRY = 'review/page/main'
