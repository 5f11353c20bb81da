/** Archives of objects, as Python's plistlib writes them, and what is none. */
import { describe, expect, it } from 'vitest'
import { WHERE_FROMS } from '../../../fixtures/device/apple.ts'
import { keyedArchiveOf } from '../../../fixtures/device/instagram.ts'
import { keyedArchive } from '../../../src/formats/stores/keyed-archive.ts'
import { NotPropertyList, PropertyDate } from '../../../src/formats/stores/property-list.ts'
import { mutant } from './records-of.ts'

describe('an archive of objects', () => {
  it('gives fields by name, lists, dictionaries, dates, addresses and nothing for nothing', () => {
    expect(keyedArchive(keyedArchiveOf('picture'))).toEqual(
      new Map<string, unknown>([
        [
          'IGDirectPublishedMessageMetadata*metadata',
          new Map<string, unknown>([
            ['NSString*senderPk', '7'],
            ['NSString*threadId', 't1'],
            ['NSDate*serverTimestamp', new PropertyDate(621_692_920)],
          ]),
        ],
        [
          'IGDirectPublishedMessageContent*content',
          new Map<string, unknown>([
            ['NSString*string', null],
            [
              'IGDirectPublishedMessageMedia*media',
              new Map([
                [
                  'IGDirectPublishedMessagePermanentMedia*permanentMedia',
                  new Map([
                    [
                      'IGPhoto*photo',
                      new Map<string, unknown>([
                        ['kIGPhotoMediaID', '77'],
                        ['imageVersions', [new Map([['url', 'https://example.org/v/t51/lake.jpg?stp=1']])]],
                      ]),
                    ],
                  ]),
                ],
              ]),
            ],
            ['IGDirectThreadActivityAnnouncement*threadActivity', null],
            ['kind', 1],
          ]),
        ],
        ['NSArray<IGDirectMessageReaction *>*reactions', []],
      ]),
    )
  })

  it('is none where a property list is of another kind', () => {
    expect(() => keyedArchive(WHERE_FROMS)).toThrow(NotPropertyList)
  })

  it('is bounded: 200 mutants', () => {
    for (let i = 0; i < 200; i++)
      try {
        keyedArchive(mutant(keyedArchiveOf((['thread', 'first', 'picture'] as const)[i % 3]!), i))
      } catch (error) {
        expect(error).toBeInstanceOf(NotPropertyList)
      }
  })
})
