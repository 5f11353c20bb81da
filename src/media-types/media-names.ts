/**
 * File name extensions of pictures and videos. They decide only an order, or the relevant names of a record; never a
 * type.
 */
export const MEDIA_ENDINGS: ReadonlySet<string> = new Set(
  (
    'jpg jpeg jpe jfif png gif webp heic heif avif bmp tif tiff dng cr2 cr3 nef arw orf rw2 raf jxl jp2 ' +
    'mp4 m4v mov avi mkv webm 3gp 3g2 mts m2ts ts wmv flv mpg mpeg vob asf rm rmvb ogv divx'
  ).split(' '),
)

/** @returns in lower case, without the dot; empty: it has none */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot === -1 ? '' : name.slice(dot + 1).toLowerCase()
}
