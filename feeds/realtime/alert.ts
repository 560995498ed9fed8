// Alert: a few thousand a message at most, so they become objects.

import { NONE } from '#engine/core/ids.ts'
import type { AlertEntity, AlertPeriod, ImageEntity, SelectorEntity, TranslationEntity } from '#engine/live/entities.ts'
import type { DecodedMessage } from '#engine/live/message.ts'
import { readDescriptor } from './trip-update.ts'
import type { Wire } from './wire.ts'

/** Characters of one text that are kept (J13). */
const MAX_TEXT = 10_000

/** Field 5 of an entity. */
export function readAlert(wire: Wire, m: DecodedMessage, end: number): void {
  const alert: AlertEntity = {
    entityId: '',
    active: [],
    communication: [],
    impact: [],
    selectors: [],
    cause: undefined,
    effect: undefined,
    severity: undefined,
    header: [],
    description: [],
    ttsHeader: [],
    ttsDescription: [],
    url: [],
    images: [],
    imageText: [],
    causeDetail: [],
    effectDetail: [],
  }
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        wire.add(alert.active, readPeriod(wire, wire.enter(end)))
        break
      case 0x12:
        wire.add(alert.communication, readPeriod(wire, wire.enter(end)))
        break
      case 0x1a:
        wire.add(alert.impact, readPeriod(wire, wire.enter(end)))
        break
      case 0x2a:
        wire.add(alert.selectors, readSelector(wire, m, wire.enter(end)))
        break
      case 0x30:
        alert.cause = wire.varint()
        break
      case 0x38:
        alert.effect = wire.varint()
        break
      case 0x42:
        readTranslations(wire, wire.enter(end), alert.url)
        break
      case 0x52:
        readTranslations(wire, wire.enter(end), alert.header)
        break
      case 0x5a:
        readTranslations(wire, wire.enter(end), alert.description)
        break
      case 0x62:
        readTranslations(wire, wire.enter(end), alert.ttsHeader)
        break
      case 0x6a:
        readTranslations(wire, wire.enter(end), alert.ttsDescription)
        break
      case 0x70:
        alert.severity = wire.varint()
        break
      case 0x7a:
        readImages(wire, wire.enter(end), alert.images)
        break
      case 0x82:
        readTranslations(wire, wire.enter(end), alert.imageText)
        break
      case 0x8a:
        readTranslations(wire, wire.enter(end), alert.causeDetail)
        break
      case 0x92:
        readTranslations(wire, wire.enter(end), alert.effectDetail)
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  wire.add(m.alerts, alert)
}

function readPeriod(wire: Wire, end: number): AlertPeriod {
  let start: number | undefined
  let stop: number | undefined
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x08:
        start = wire.int64()
        break
      case 0x10:
        stop = wire.int64()
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  return { start, end: stop }
}

function readSelector(wire: Wire, m: DecodedMessage, end: number): SelectorEntity {
  const selector: SelectorEntity = {
    agencyIdBegin: 0,
    agencyIdEnd: 0,
    routeIdBegin: 0,
    routeIdEnd: 0,
    stopIdBegin: 0,
    stopIdEnd: 0,
    routeType: undefined,
    direction: undefined,
    descriptor: NONE,
  }
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        selector.agencyIdEnd = wire.enter(end)
        selector.agencyIdBegin = wire.pos
        wire.pos = selector.agencyIdEnd
        break
      case 0x12:
        selector.routeIdEnd = wire.enter(end)
        selector.routeIdBegin = wire.pos
        wire.pos = selector.routeIdEnd
        break
      case 0x18:
        selector.routeType = wire.int32()
        break
      case 0x22:
        selector.descriptor = readDescriptor(wire, m, wire.enter(end), selector.descriptor)
        break
      case 0x2a:
        selector.stopIdEnd = wire.enter(end)
        selector.stopIdBegin = wire.pos
        wire.pos = selector.stopIdEnd
        break
      case 0x30:
        selector.direction = wire.varint()
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  return selector
}

function readTranslations(wire: Wire, end: number, into: TranslationEntity[]): void {
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x0a) wire.add(into, readTranslation(wire, wire.enter(end)))
    else wire.skip(tag, end)
  }
  wire.leave(end)
}

function readTranslation(wire: Wire, end: number): TranslationEntity {
  let text = ''
  let language: string | undefined
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        text = wire.text(end, MAX_TEXT)
        break
      case 0x12:
        language = wire.text(end)
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  return { text, language }
}

/** TranslatedImage. */
function readImages(wire: Wire, end: number, into: ImageEntity[]): void {
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x0a) wire.add(into, readImage(wire, wire.enter(end)))
    else wire.skip(tag, end)
  }
  wire.leave(end)
}

function readImage(wire: Wire, end: number): ImageEntity {
  let [text, mediaType] = ['', '']
  let language: string | undefined
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x0a) text = wire.text(end, MAX_TEXT)
    else if (tag === 0x12) mediaType = wire.text(end)
    else if (tag === 0x1a) language = wire.text(end)
    else wire.skip(tag, end)
  }
  wire.leave(end)
  return { text, language, mediaType }
}
