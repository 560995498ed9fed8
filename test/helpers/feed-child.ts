// The feed role in a process of its own, saying what becomes of each piece of news.

import { type FeedOptions, startFeedRole } from '#workers/feed.ts'

const options: FeedOptions = JSON.parse(process.argv[2]!)
startFeedRole({
  ...options,
  onNews: (url, news, taken) => console.log(JSON.stringify({ url, kind: news.kind, taken })),
  onTrouble: (where, error) => console.log(JSON.stringify({ where, error: String(error) })),
})
