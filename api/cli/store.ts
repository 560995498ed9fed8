// What the settings say of an object store.

import { FreifahrtError } from '#engine/core/errors.ts'
import type { StoreAccess } from '#workers/network-place.ts'
import type { Settings } from '../settings.ts'

/** @throws BAD_REQUEST */
export function storeAccess({
  storeKeyId: id,
  storeSecret: secret,
  storeSession: session,
  storeRegion: region,
  allowHosts,
}: Settings): StoreAccess {
  if (id !== '' && secret === '')
    throw new FreifahrtError('BAD_REQUEST', 'storeSecret', "is empty, and storeKeyId is not: give the key's secret too")
  return { allowHosts, ...(id !== '' && { keys: { id, secret, region, ...(session !== '' && { session }) } }) }
}
