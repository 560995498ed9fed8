// Who a feed is from: feed_info.txt and attributions.txt (S46).

import type { Attribution } from './report.ts'
import { ATTRIBUTIONS, FEED_INFO, type FeedInput, readTable } from './tables.ts'

export interface FeedInfo {
  readonly publisher: string
  readonly publisherUrl: string
  readonly version: string
  readonly lang: string
  readonly defaultLang: string
  readonly contact: string
}

/** feed_info.txt; the last row counts, empty texts without one. */
export async function readFeedInfo(feed: FeedInput): Promise<FeedInfo> {
  const { at } = FEED_INFO
  let info: FeedInfo = { publisher: '', publisherUrl: '', version: '', lang: '', defaultLang: '', contact: '' }
  await readTable(feed, FEED_INFO, row => {
    feed.report.file(FEED_INFO.file).kept++
    info = {
      publisher: row.text(at.feed_publisher_name),
      publisherUrl: row.text(at.feed_publisher_url),
      version: row.text(at.feed_version),
      lang: row.text(at.feed_lang),
      defaultLang: row.text(at.default_lang),
      contact: row.text(at.feed_contact_email) || row.text(at.feed_contact_url),
    }
  })
  return info
}

/** Attributions of the feed as a whole; those of single routes, trips or agencies are not for every answer. */
export async function readAttributions(feed: FeedInput): Promise<Attribution[]> {
  const { at } = ATTRIBUTIONS
  const attributions: Attribution[] = []
  await readTable(feed, ATTRIBUTIONS, row => {
    if (!row.isEmpty(at.trip_id) || !row.isEmpty(at.route_id) || !row.isEmpty(at.agency_id)) return
    feed.report.file(ATTRIBUTIONS.file).kept++
    const url = row.text(at.attribution_url)
    attributions.push({ text: row.text(at.organization_name), ...(url === '' ? {} : { url }) })
  })
  return attributions
}
