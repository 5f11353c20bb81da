/** Recognises the list of downloads of Safari, a binary property list, by its names. */

export function listSignature(list: Buffer): string | null {
  return list.includes('DownloadHistory') && list.includes('DownloadEntry')
    ? 'application/x-safari-downloads'
    : null
}
