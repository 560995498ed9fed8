// What the settings say of an object store.

import type { StoreAccess } from '#workers/network-place.ts'
import type { Settings } from '../settings.ts'

export const storeAccess = ({
  storeKeyId: id,
  storeSecret: secret,
  storeSession: session,
  storeRegion: region,
  allowHosts,
}: Settings): StoreAccess => ({
  allowHosts,
  ...(id !== '' && { keys: { id, secret, region, ...(session !== '' && { session }) } }),
})
