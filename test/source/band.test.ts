import { describe, expect, it } from 'vitest'
import { PRIORITY_CLASSES, priorityClassOf } from '../../src/media-types/priority-class.ts'

describe('bands', () => {
  it.each([
    ['DCIM/100APPLE/IMG_0001.HEIC', 2_000_000, 'camera'],
    ['data/media/0/dcim/Camera/VID.mp4', 2_000_000, 'camera'],
    ['Users/eve/Pictures/a.jpg', 90_000, 'pictures'],
    ['home/eve/Bilder/2020/a.png', 90_000, 'pictures'],
    ['Users/eve/Downloads/a.zip', 90, 'downloads'],
    ['Users/eve/Downloads/setup.exe', 9_000_000, 'user-files'],
    ['data/media/0/WhatsApp/Media/WhatsApp Images/a.jpg', 90_000, 'messengers'],
    ['$Recycle.Bin/S-1-5-21/$RABC', 10, 'recycle-bin'],
    ['home/eve/.local/share/Trash/files/x', 10, 'recycle-bin'],
    ['Users/eve/Pictures/thumb.png', 900, 'user-files'],
    ['Users/eve/notes.txt', 900, 'user-files'],
    ['stash/a.jpg', 90_000, 'user-files'],
    ['stash/readme', 90_000, 'other'],
    ['Windows/System32/kernel32.dll', 900_000, 'system'],
    ['Windows/Web/icon.png', 5000, 'system'],
    ['Windows/Web/4K/wallpaper.jpg', 900_000, 'other'],
    ['usr/share/doc/x', 900, 'system'],
    ['C/Windows/a', 1, 'system'],
    ['IMG.JPG', 50_000, 'user-files'],
    ['', 0, 'other'],
  ] as const)('%s of %i bytes is read with %s', (path, size, band) => {
    expect(PRIORITY_CLASSES[priorityClassOf(path, BigInt(size))]).toBe(band)
  })

  it('takes any bytes', () => {
    expect(PRIORITY_CLASSES[priorityClassOf('\xff\xfe/\n/caf\xe9.jpg', 50_000n)]).toBe('user-files')
    expect(PRIORITY_CLASSES[priorityClassOf('x/'.repeat(100_000), 1n)]).toBe('other')
  })
})
