/** What players and desktops keep of files that were opened last. */
import { describe, expect, it } from 'vitest'
import * as players from '../../../../fixtures/device/players.ts'
import { below, registryHive, wide } from '../../../../fixtures/device/registry.ts'
import { identifyContent } from '../../../../src/formats/signatures/index.ts'
import { recordsOf } from '../records-of.ts'

const AT = 1_600_000_000
const opened = (list: string, path: string, more: object = {}) => ({
  what: { code: 'file-opened', params: { list, path, ...more } },
})

async function read(content: Buffer | string) {
  const bytes = Buffer.from(content)
  const { mediaType } = await identifyContent(bytes)
  return { mediaType, ...recordsOf(mediaType, bytes) }
}

describe('lists of what was opened last', () => {
  it('of VLC name files and addresses, in settings of Windows and Linux and in preferences of macOS', async () => {
    const settings = await read(players.VLC_INTERFACE)
    expect([settings.mediaType, settings.result.result]).toEqual(['text/x-vlc-interface', 'done'])
    expect(settings.records).toMatchObject([
      opened('vlc', '/home/x/Videos/lake view.mp4'),
      opened('vlc', 'C:/Users/x/hill, small.mp4'),
      opened('vlc', 'https://example.org/stream'),
    ])
    const preferences = await read(players.VLC_PREFERENCES)
    expect(preferences.mediaType).toBe('application/x-vlc-preferences')
    expect(preferences.records).toMatchObject([opened('vlc', '/Users/x/lake view.mp4')])
    const empty = await read(players.VLC_INTERFACE.replace(/^list=.*$/m, 'list=@Invalid()'))
    expect([empty.records, empty.result.result]).toEqual([[], 'done'])
  })

  it('of mpv name the file where it was told to write it', async () => {
    const watched = await read(players.MPV_WATCH_LATER)
    expect(watched.mediaType).toBe('text/x-mpv-watch-later')
    expect(watched.records).toMatchObject([opened('mpv', '/home/x/Videos/lake view.mkv')])
    for (const other of ['start=63.480000\n', '# A heading\n\nand what follows it\n'])
      expect((await read(other)).mediaType).toBe('text/plain')
  })

  it('of Linux desktops say with which program, how often and when last', async () => {
    const used = await read(players.RECENTLY_USED)
    expect([used.mediaType, used.result.result]).toEqual(['application/x-xbel+xml', 'done'])
    const when = (seconds: number) => ({ ns: `${seconds}000000000`, resolution: 'ms', zone: 'utc' })
    const lake = '/home/x/Videos/lake view.mp4'
    expect(used.records).toMatchObject([
      { ...opened('recently-used', lake, { app: 'Videos' }), times: 3, when: when(AT + 1) },
      { ...opened('recently-used', lake, { app: 'vlc' }), times: 1, when: when(AT) },
      { ...opened('recently-used', '/home/x/B&B.jpg'), times: null, when: when(AT + 2) },
    ])
  })

  it('that break off give what stands before, and say where the last begins', async () => {
    const at = players.RECENTLY_USED.indexOf('name="vlc"')
    const cut = await read(players.RECENTLY_USED.slice(0, at))
    expect(cut.records).toHaveLength(1)
    expect(cut.result).toMatchObject({
      result: 'done-with-warnings',
      detail: { params: { records: 1, offset: players.RECENTLY_USED.indexOf('<bookmark href') } },
    })
  })

  it('of players of Windows stand in the registry: the newest has the time of its key, of MPC-HC each has one', () => {
    const files = (...names: readonly string[]) =>
      names.map((name, i) => ({ name: `File${i}`, type: 1, bytes: wide(name) }))
    const hive = registryHive({
      name: 'ROOT',
      keys: [
        below(['Software', 'Microsoft', 'MediaPlayer', 'Player'], {
          name: 'RecentFileList',
          writtenMs: AT * 1000,
          values: files('C:\\v\\lake.wmv', 'C:\\v\\hill.wmv'),
        }),
        below(['MPC-HC', 'MPC-HC', 'MediaHistory'], {
          name: '8a2f',
          writtenMs: (AT + 5) * 1000,
          values: [{ name: 'Filename', type: 1, bytes: wide('D:\\pond.mkv') }],
        }),
        below(['MPC-HC', 'MPC-HC', 'MediaHistory'], {
          name: '9b3f',
          writtenMs: (AT + 90) * 1000,
          values: [
            { name: 'Filename', type: 1, bytes: wide('D:\\part 1.mkv') },
            { name: 'Filename002', type: 1, bytes: wide('D:\\part 2.mkv') },
            { name: 'LastOpened', type: 1, bytes: wide('2020-09-13T12:26:50.250Z') },
          ],
        }),
      ],
    })
    const { records } = recordsOf('application/x-ft-windows-registry-hive', hive)
    const time = (seconds: number) => ({ when: { ns: `${seconds}000000000` } })
    expect(records).toMatchObject([
      { ...opened('windows-media-player', 'C:\\v\\lake.wmv'), ...time(AT) },
      { ...opened('windows-media-player', 'C:\\v\\hill.wmv'), when: null },
      { ...opened('mpc-hc', 'D:\\pond.mkv'), ...time(AT + 5) },
      { ...opened('mpc-hc', 'D:\\part 1.mkv'), when: { ns: `${AT + 10}250000000`, resolution: 'ms' } },
      { ...opened('mpc-hc', 'D:\\part 2.mkv'), when: { ns: `${AT + 10}250000000`, resolution: 'ms' } },
    ])
  })
})
