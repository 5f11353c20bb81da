/** Dates as EXIF 2.32 writes them: `2026:11:24 10:00:00`, in the camera's own time. */

/** @returns `2026-11-24 10:00:00`, which cannot be misread as a time of day; any other text unchanged */
export function exifDate(text: string): string {
  return text.replace(/^(\d{4}):(\d\d):(\d\d)(?= \d\d:\d\d|$)/, '$1-$2-$3')
}
