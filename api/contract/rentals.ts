// The public shape of rentals and map/rentals, as MOTIS' OpenAPI has it.

import { type Static, Type } from 'typebox'
import { formFactors, propulsionTypes, returnConstraints } from '#engine/conditions/rental.ts'
import { EncodedPolyline } from './common.ts'
import { maybe, oneOf } from './values.ts'

const Bounds = Type.Array(Type.Number(), { minItems: 4, maxItems: 4 })
const Area = Type.Array(Type.Array(EncodedPolyline))
const FormFactor = oneOf(...formFactors)
const FormFactors = Type.Array(FormFactor)
const Propulsion = oneOf(...propulsionTypes)
const ReturnConstraint = oneOf(...returnConstraints)
const uris = {
  rentalUriAndroid: maybe(Type.String()),
  rentalUriIOS: maybe(Type.String()),
  rentalUriWeb: maybe(Type.String()),
}

export const RentalZoneRestrictions = Type.Object({
  vehicleTypeIdxs: Type.Array(Type.Integer()),
  rideStartAllowed: Type.Boolean(),
  rideEndAllowed: Type.Boolean(),
  rideThroughAllowed: Type.Boolean(),
  stationParking: maybe(Type.Boolean()),
})

export const RentalProviderGroup = Type.Object({
  id: Type.String(),
  name: Type.String(),
  color: maybe(Type.String()),
  providers: Type.Array(Type.String()),
  formFactors: FormFactors,
})

export const RentalProvider = Type.Object({
  id: Type.String(),
  name: Type.String(),
  groupId: Type.String(),
  url: maybe(Type.String()),
  color: maybe(Type.String()),
  bbox: Bounds,
  vehicleTypes: Type.Array(
    Type.Object({
      id: Type.String(),
      name: maybe(Type.String()),
      formFactor: FormFactor,
      propulsionType: Propulsion,
      returnConstraint: ReturnConstraint,
      returnConstraintGuessed: Type.Boolean(),
    }),
  ),
  formFactors: FormFactors,
  defaultRestrictions: RentalZoneRestrictions,
  globalGeofencingRules: Type.Array(RentalZoneRestrictions),
})

export const RentalStation = Type.Object({
  id: Type.String(),
  providerId: Type.String(),
  providerGroupId: Type.String(),
  name: Type.String(),
  lat: Type.Number(),
  lon: Type.Number(),
  address: maybe(Type.String()),
  ...uris,
  isRenting: Type.Boolean(),
  isReturning: Type.Boolean(),
  numVehiclesAvailable: Type.Integer(),
  formFactors: FormFactors,
  vehicleTypesAvailable: Type.Record(Type.String(), Type.Integer()),
  vehicleDocksAvailable: Type.Record(Type.String(), Type.Integer()),
  stationArea: maybe(Area),
  bbox: Bounds,
})

export const RentalVehicle = Type.Object({
  id: Type.String(),
  providerId: Type.String(),
  providerGroupId: Type.String(),
  typeId: Type.String(),
  lat: Type.Number(),
  lon: Type.Number(),
  formFactor: FormFactor,
  propulsionType: Propulsion,
  returnConstraint: ReturnConstraint,
  homeStationId: maybe(Type.String()),
  isReserved: Type.Boolean(),
  isDisabled: Type.Boolean(),
  ...uris,
})

export const RentalZone = Type.Object({
  providerId: Type.String(),
  providerGroupId: Type.String(),
  name: maybe(Type.String()),
  /** The higher one counts where zones overlap. */
  z: Type.Integer(),
  bbox: Bounds,
  area: Area,
  rules: Type.Array(RentalZoneRestrictions),
})

export const RentalsResponse = Type.Object({
  providerGroups: Type.Array(RentalProviderGroup),
  providers: Type.Array(RentalProvider),
  stations: Type.Array(RentalStation),
  vehicles: Type.Array(RentalVehicle),
  zones: Type.Array(RentalZone),
})
export type RentalsResponse = Static<typeof RentalsResponse>
